using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Png.Chunks;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace Diffusion.Mesh.Imaging;

/// <summary>Picture files to pixels and back.</summary>
public static class PictureFile
{
    // A block of 8 x 8 pixels of a JPEG has at least one bit, so a byte holds at most this many pixels.
    private const int MaxJpegPixelsPerByte = 8 * 64;

    // Texts would be inflated for nothing; a second frame is enough to know an animation.
    private static readonly DecoderOptions HeaderOptions = new() { SkipMetadata = true, MaxFrames = 2 };
    private static readonly DecoderOptions PixelOptions = new() { SkipMetadata = true, MaxFrames = 1 };

    /// <summary>Writes a picture file; the same picture and options give the same bytes.</summary>
    /// <param name="quality">1 to 100, for lossy formats.</param>
    /// <param name="text">Key and value pairs for the text chunks of a PNG; other formats carry none.</param>
    public static byte[] Write(Picture picture, PictureFormat format, int quality, IEnumerable<KeyValuePair<string, string>> text)
    {
        using var image = Image.LoadPixelData<Rgb24>(picture.Rgb, picture.Width, picture.Height);
        if (format == PictureFormat.Png)
        {
            var metadata = image.Metadata.GetPngMetadata();
            foreach (var (key, value) in text.OrderBy(t => t.Key, StringComparer.Ordinal))
                metadata.TextData.Add(new PngTextData(key, value, "", ""));
        }

        using var stream = new MemoryStream();
        image.Save(stream, Encoder(format, quality));
        return stream.ToArray();
    }

    /// <summary>Reads width and height from a picture file's header; takes no memory for pixels.</summary>
    /// <exception cref="PictureException">The bytes are no still PNG, JPEG or WebP picture, or one over the limits.</exception>
    public static (int Width, int Height) Identify(ReadOnlySpan<byte> file, PictureLimits limits)
    {
        if (file.Length > limits.MaxBytes)
            throw new PictureException($"The picture file has {file.Length} bytes; at most {limits.MaxBytes} are taken.");
        var info = Guard(file, bytes => Image.Identify(HeaderOptions, bytes));
        if (info.FrameMetadataCollection.Count > 1)
            throw new PictureException("The picture is animated; a still one is taken.");
        var pixels = (long)info.Width * info.Height;
        if (info.Width > limits.MaxSide || info.Height > limits.MaxSide || pixels > limits.MaxPixels)
        {
            throw new PictureException(
                $"The picture is {info.Width} x {info.Height} pixels; at most {limits.MaxSide} a side and {limits.MaxPixels} in all are taken.");
        }

        if (info.Metadata.DecodedImageFormat is JpegFormat && pixels > (long)file.Length * MaxJpegPixelsPerByte)
            throw new PictureException($"The picture is {info.Width} x {info.Height} pixels, and its {file.Length} bytes cannot hold them.");
        return (info.Width, info.Height);
    }

    /// <summary>Reads a picture file as RGB; alpha is dropped.</summary>
    /// <exception cref="PictureException">The bytes are no complete still PNG, JPEG or WebP picture, or one over the limits.</exception>
    public static Picture Read(ReadOnlySpan<byte> file, PictureLimits limits)
    {
        Identify(file, limits);
        using var image = Guard(file, bytes => Image.Load<Rgb24>(PixelOptions, bytes));
        var rgb = new byte[3 * image.Width * image.Height];
        image.CopyPixelDataTo(rgb);
        return new Picture(image.Width, image.Height, rgb);
    }

    /// <summary>Reads where a picture file is fully transparent: white there, black elsewhere.</summary>
    /// <exception cref="PictureException">The same; or it is transparent nowhere.</exception>
    public static Picture ReadTransparency(ReadOnlySpan<byte> file, PictureLimits limits)
    {
        Identify(file, limits);
        using var image = Guard(file, bytes => Image.Load<Rgba32>(PixelOptions, bytes));
        var rgb = new byte[3 * image.Width * image.Height];
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var row = rows.GetRowSpan(y);
                for (var x = 0; x < row.Length; x++)
                {
                    if (row[x].A == 0)
                        rgb.AsSpan(3 * (y * row.Length + x), 3).Fill(byte.MaxValue);
                }
            }
        });
        return rgb.AsSpan().Contains(byte.MaxValue)
            ? new Picture(image.Width, image.Height, rgb)
            : throw new PictureException("No pixel of the mask is fully transparent.");
    }

    private static T Guard<T>(ReadOnlySpan<byte> file, Func<ReadOnlySpan<byte>, T> read)
    {
        try
        {
            return read(file);
        }
        catch (UnknownImageFormatException e)
        {
            throw new PictureException("The bytes are no PNG, JPEG or WebP picture.", e);
        }
        catch (ImageFormatException e)
        {
            throw new PictureException("The picture file is truncated or broken.", e);
        }
    }

    // A tenth of the time that the default level takes with every filter tried, for files a tenth larger.
    private static ImageEncoder Encoder(PictureFormat format, int quality) => format switch
    {
        PictureFormat.Jpeg => new JpegEncoder { Quality = quality },
        PictureFormat.Webp => new WebpEncoder { Quality = quality },
        _ => new PngEncoder { CompressionLevel = PngCompressionLevel.Level2, FilterMethod = PngFilterMethod.Paeth },
    };
}
