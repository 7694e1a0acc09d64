using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;

namespace SixLabors.ImageSharp;

/// <summary>What an image's headers say.</summary>
public class ImageInfo
{
    public ImageInfo(PixelTypeInfo pixelType, Size size, ImageMetadata? metadata) : this(pixelType, size, metadata, null)
    {
    }

    public ImageInfo(
        PixelTypeInfo pixelType, Size size, ImageMetadata? metadata, IReadOnlyList<ImageFrameMetadata>? frameMetadataCollection)
    {
        PixelType = pixelType;
        Size = size;
        Metadata = metadata ?? new ImageMetadata();
        FrameMetadataCollection = frameMetadataCollection ?? [];
    }

    public PixelTypeInfo PixelType { get; }

    public Size Size { get; }

    /// <summary>Width in pixels.</summary>
    public int Width => Size.Width;

    /// <summary>Height in pixels.</summary>
    public int Height => Size.Height;

    public Rectangle Bounds => new(0, 0, Width, Height);

    public ImageMetadata Metadata { get; }

    /// <summary>One entry for each frame of an animation; empty for a still image.</summary>
    public IReadOnlyList<ImageFrameMetadata> FrameMetadataCollection { get; }
}
