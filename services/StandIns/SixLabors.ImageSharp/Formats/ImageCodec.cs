using System.Runtime.CompilerServices;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats;

/// <summary>Reads one format: by its first bytes, its headers, or entirely.</summary>
internal abstract class ImageCodec
{
    public abstract IImageFormat Format { get; }

    public abstract bool Matches(ReadOnlySpan<byte> encoded);

    public abstract ImageInfo Identify(DecoderOptions options, ReadOnlySpan<byte> encoded);

    public abstract Image<TPixel> Decode<TPixel>(DecoderOptions options, ReadOnlyMemory<byte> encoded)
        where TPixel : unmanaged, IPixel<TPixel>;

    protected ImageMetadata NewMetadata() => new() { DecodedImageFormat = Format };

    /// <summary>Takes memory for the pixels, once the decoder has checked what the header claims.</summary>
    protected static Image<TPixel> Allocate<TPixel>(DecoderOptions options, Size size, ImageMetadata metadata)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if ((long)size.Width * size.Height * Unsafe.SizeOf<TPixel>() > Array.MaxLength)
            throw new InvalidImageContentException($"An image of {size.Width} x {size.Height} pixels is too large to decode.");

        return new Image<TPixel>(options.Configuration, size.Width, size.Height, metadata);
    }
}
