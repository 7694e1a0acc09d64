using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Reads JPEG: headers in managed code, pixels with libturbojpeg.</summary>
internal sealed unsafe class JpegCodec : ImageCodec
{
    public override IImageFormat Format => JpegFormat.Instance;

    public override bool Matches(ReadOnlySpan<byte> encoded) => encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    public override ImageInfo Identify(DecoderOptions options, ReadOnlySpan<byte> encoded)
    {
        var header = JpegHeader.Parse(encoded);
        return new ImageInfo(new PixelTypeInfo(8 * header.Components), new Size(header.Width, header.Height), NewMetadata());
    }

    public override Image<TPixel> Decode<TPixel>(DecoderOptions options, ReadOnlyMemory<byte> encoded)
    {
        var header = JpegHeader.Parse(encoded.Span);
        if (!JpegHeader.HasEnd(encoded.Span))
            throw new InvalidImageContentException("JPEG Image is truncated.");

        var rgb = Allocate<Rgb24>(options, new Size(header.Width, header.Height), NewMetadata());
        Decompress(encoded.Span, header, rgb.Pixels);
        if (rgb is Image<TPixel> same)
            return same;

        using (rgb)
            return rgb.CloneAs<TPixel>();
    }

    private static void Decompress(ReadOnlySpan<byte> encoded, JpegHeader header, Span<Rgb24> pixels)
    {
        var handle = TurboJpeg.InitDecompress();
        try
        {
            fixed (byte* jpeg = encoded)
            {
                var length = (nuint)encoded.Length;
                var isRead = TurboJpeg.DecompressHeader(handle, jpeg, length, out var width, out var height, out _, out var colorspace) == 0;
                if (!isRead || (width, height) != (header.Width, header.Height))
                    throw new InvalidImageContentException($"JPEG Image has an unreadable header: {TurboJpeg.LastError(handle)}");

                if (colorspace is TurboJpeg.ColorspaceCmyk or TurboJpeg.ColorspaceYcck)
                    DecompressCmyk(handle, jpeg, length, header, pixels);
                else
                    Decompress(handle, jpeg, length, header, MemoryMarshal.AsBytes(pixels), TurboJpeg.PixelRgb);
            }
        }
        finally
        {
            _ = TurboJpeg.Destroy(handle);
        }
    }

    /// <summary>Files with four inks hold them inverted, as Adobe began it: 255 is no ink.</summary>
    private static void DecompressCmyk(nint handle, byte* jpeg, nuint length, JpegHeader header, Span<Rgb24> pixels)
    {
        var inks = new byte[checked(4 * pixels.Length)];
        Decompress(handle, jpeg, length, header, inks, TurboJpeg.PixelCmyk);
        for (var i = 0; i < pixels.Length; i++)
        {
            var black = inks[(4 * i) + 3];
            pixels[i] = new Rgb24(Mix(inks[4 * i], black), Mix(inks[(4 * i) + 1], black), Mix(inks[(4 * i) + 2], black));
        }
    }

    private static byte Mix(byte ink, byte black) => (byte)(((ink * black) + 127) / 255);

    private static void Decompress(nint handle, byte* jpeg, nuint length, JpegHeader header, Span<byte> pixels, int format)
    {
        fixed (byte* target = pixels)
        {
            if (TurboJpeg.Decompress(handle, jpeg, length, target, header.Width, pitch: 0, header.Height, format, TurboJpeg.Flags) == 0)
                return;
        }

        // Cameras pad their files; nothing is lost by bytes that belong to nothing.
        var error = TurboJpeg.LastError(handle);
        if (!error.Contains("extraneous bytes", StringComparison.Ordinal))
            throw new InvalidImageContentException($"JPEG Image contains corrupt data: {error}");
    }
}
