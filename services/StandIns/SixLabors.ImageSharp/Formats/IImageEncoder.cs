using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats;

/// <summary>Writes images in one format.</summary>
public interface IImageEncoder
{
    /// <summary>Leaves text and other metadata out.</summary>
    bool SkipMetadata { get; init; }

    void Encode<TPixel>(Image<TPixel> image, Stream stream)
        where TPixel : unmanaged, IPixel<TPixel>;
}
