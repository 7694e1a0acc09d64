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
    /// <summary>Writes a picture file.</summary>
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

    /// <summary>Reads a picture file as RGB.</summary>
    /// <exception cref="PictureException">The bytes are no PNG, JPEG or WebP picture, or one over the limits.</exception>
    public static Picture Read(ReadOnlySpan<byte> file, PictureLimits limits)
    {
        if (file.Length > limits.MaxBytes)
            throw new PictureException($"The picture file has {file.Length} bytes; at most {limits.MaxBytes} are taken.");
        try
        {
            var info = Image.Identify(file);
            if (info.Width > limits.MaxSide || info.Height > limits.MaxSide || (long)info.Width * info.Height > limits.MaxPixels)
            {
                throw new PictureException(
                    $"The picture is {info.Width} x {info.Height} pixels; at most {limits.MaxSide} a side and {limits.MaxPixels} in all are taken.");
            }

            using var image = Image.Load<Rgb24>(new DecoderOptions { MaxFrames = 1 }, file);
            var rgb = new byte[3 * image.Width * image.Height];
            image.CopyPixelDataTo(rgb);
            return new Picture(image.Width, image.Height, rgb);
        }
        catch (ImageFormatException e)
        {
            throw new PictureException("The bytes are no complete PNG, JPEG or WebP picture.", e);
        }
    }

    private static ImageEncoder Encoder(PictureFormat format, int quality) => format switch
    {
        PictureFormat.Jpeg => new JpegEncoder { Quality = quality },
        PictureFormat.Webp => new WebpEncoder { Quality = quality },
        _ => new PngEncoder(),
    };
}
