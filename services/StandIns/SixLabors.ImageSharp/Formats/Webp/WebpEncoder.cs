using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>Writes WebP, with alpha for <c>Rgba32</c>.</summary>
public sealed unsafe class WebpEncoder : ImageEncoder
{
    /// <summary>Lossy when null.</summary>
    public WebpFileFormatType? FileFormat { get; init; }

    /// <summary>0 (smallest file) to 100 (best image); only lossy files have it.</summary>
    public int Quality { get; init; } = 75;

    protected override void Encode<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
    {
        if (Math.Max(image.Width, image.Height) > LibWebp.MaxDimension)
            throw new ImageFormatException($"Image is too large to encode at {image.Width}x{image.Height} for WEBP format.");

        if (image is Image<Rgba32> rgba)
        {
            Write(MemoryMarshal.AsBytes(rgba.Pixels), rgba.Size, 4, stream);
            return;
        }

        using var converted = image is Image<Rgb24> ? null : image.CloneAs<Rgb24>();
        var rgb = converted ?? (Image<Rgb24>)(Image)image;
        Write(MemoryMarshal.AsBytes(rgb.Pixels), rgb.Size, 3, stream);
    }

    private void Write(ReadOnlySpan<byte> source, Size size, int channels, Stream stream)
    {
        byte* webp = null;
        try
        {
            nuint length;
            fixed (byte* pixels = source)
                length = Compress(pixels, size, channels, &webp);
            if (length == 0)
                throw new ImageFormatException("The image cannot be written as WebP.");

            stream.Write(new ReadOnlySpan<byte>(webp, checked((int)length)));
        }
        finally
        {
            LibWebp.Free(webp);
        }
    }

    private nuint Compress(byte* pixels, Size size, int channels, byte** webp)
    {
        var (width, height) = size;
        var stride = width * channels;
        return (FileFormat == WebpFileFormatType.Lossless, channels) switch
        {
            (true, 4) => LibWebp.EncodeLosslessRgba(pixels, width, height, stride, webp),
            (true, _) => LibWebp.EncodeLosslessRgb(pixels, width, height, stride, webp),
            (false, 4) => LibWebp.EncodeRgba(pixels, width, height, stride, Quality, webp),
            (false, _) => LibWebp.EncodeRgb(pixels, width, height, stride, Quality, webp),
        };
    }
}
