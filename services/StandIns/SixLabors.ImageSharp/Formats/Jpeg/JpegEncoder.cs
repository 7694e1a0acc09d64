using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Writes baseline JPEG: luminance only for <c>L8</c>, YCbCr for the others; alpha is dropped.</summary>
public sealed unsafe class JpegEncoder : ImageEncoder
{
    private const int DefaultQuality = 75;
    private readonly int? _quality;

    /// <summary>1 (smallest file) to 100 (best image); 75 when null.</summary>
    public int? Quality
    {
        get => _quality;
        init => _quality = value is < 1 or > 100 ? throw new ArgumentException("Quality factor must be in [1..100] range.") : value;
    }

    protected override void Encode<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
    {
        if (image is Image<L8> gray)
        {
            Encode(gray, stream, TurboJpeg.PixelGray, TurboJpeg.SubsampleGray);
            return;
        }

        using var converted = image is Image<Rgb24> ? null : image.CloneAs<Rgb24>();
        var rgb = converted ?? (Image<Rgb24>)(Image)image;
        Encode(rgb, stream, TurboJpeg.PixelRgb, TurboJpeg.Subsample420);
    }

    private void Encode<TPixel>(Image<TPixel> image, Stream stream, int pixelFormat, int subsampling)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var handle = TurboJpeg.InitCompress();
        byte* jpeg = null;
        nuint length = 0;
        try
        {
            fixed (byte* pixels = MemoryMarshal.AsBytes(image.Pixels))
            {
                var result = TurboJpeg.Compress(
                    handle, pixels, image.Width, pitch: 0, image.Height, pixelFormat,
                    &jpeg, &length, subsampling, Quality ?? DefaultQuality, TurboJpeg.Flags);
                if (result != 0)
                    throw new ImageFormatException($"The image cannot be written as JPEG: {TurboJpeg.LastError(handle)}");
            }

            stream.Write(new ReadOnlySpan<byte>(jpeg, checked((int)length)));
        }
        finally
        {
            TurboJpeg.Free(jpeg);
            _ = TurboJpeg.Destroy(handle);
        }
    }
}
