using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>Reads WebP: headers in managed code, pixels with libwebp.</summary>
internal sealed unsafe class WebpCodec : ImageCodec
{
    public override IImageFormat Format => WebpFormat.Instance;

    public override bool Matches(ReadOnlySpan<byte> encoded) =>
        encoded.Length >= WebpHeader.RiffLength && encoded.StartsWith("RIFF"u8) && encoded[8..].StartsWith("WEBP"u8);

    public override ImageInfo Identify(DecoderOptions options, ReadOnlySpan<byte> encoded)
    {
        var header = WebpHeader.Parse(encoded);
        var frameCount = header.IsAnimated ? WebpAnimation.CountFrames(encoded) : 0;
        var frames = Enumerable.Range(0, (int)Math.Min(frameCount, options.MaxFrames)).Select(_ => new ImageFrameMetadata()).ToArray();
        return new ImageInfo(new PixelTypeInfo(header.HasAlpha ? 32 : 24), header.Size, NewMetadata(), frames);
    }

    public override Image<TPixel> Decode<TPixel>(DecoderOptions options, ReadOnlyMemory<byte> encoded)
    {
        // libwebp writes these two as they lie in memory; the others are made from them.
        if (typeof(TPixel) == typeof(Rgba32) || typeof(TPixel) == typeof(Rgb24))
            return DecodeDirectly<TPixel>(options, encoded.Span);

        using var rgb = DecodeDirectly<Rgb24>(options, encoded.Span);
        return rgb.CloneAs<TPixel>();
    }

    private Image<TPixel> DecodeDirectly<TPixel>(DecoderOptions options, ReadOnlySpan<byte> encoded)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var header = WebpHeader.Parse(encoded);
        if (!header.IsAnimated)
        {
            var image = Allocate<TPixel>(options, header.Size, NewMetadata());
            Decode(encoded, image);
            return image;
        }

        var (bounds, picture) = WebpAnimation.FirstFrame(encoded, header.Size);
        var canvas = Allocate<TPixel>(options, header.Size, NewMetadata());
        using var frame = Allocate<TPixel>(options, bounds.Size, NewMetadata());
        Decode(picture, frame);
        for (var y = 0; y < bounds.Height; y++)
            frame.GetRow(y).CopyTo(canvas.GetRow(bounds.Y + y)[bounds.X..]);
        return canvas;
    }

    private static void Decode<TPixel>(ReadOnlySpan<byte> encoded, Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var stride = image.Width * Unsafe.SizeOf<TPixel>();
        var target = MemoryMarshal.AsBytes(image.Pixels);
        fixed (byte* webp = encoded)
        fixed (byte* pixels = target)
        {
            var decoded = typeof(TPixel) == typeof(Rgba32)
                ? LibWebp.DecodeRgba(webp, (nuint)encoded.Length, pixels, (nuint)target.Length, stride)
                : LibWebp.DecodeRgb(webp, (nuint)encoded.Length, pixels, (nuint)target.Length, stride);
            if (decoded == null)
                throw new InvalidImageContentException("WebP Image is truncated or corrupt.");
        }
    }
}
