namespace SixLabors.ImageSharp.Metadata;

/// <summary>Stands for one frame of an animation.</summary>
public sealed class ImageFrameMetadata : IDeepCloneable<ImageFrameMetadata>
{
    public ImageFrameMetadata DeepClone() => new();
}
