using SixLabors.ImageSharp.Formats;

namespace SixLabors.ImageSharp.Metadata;

/// <summary>What an image carries beside its pixels.</summary>
public sealed class ImageMetadata : IDeepCloneable<ImageMetadata>
{
    private readonly Dictionary<IImageFormat, IDeepCloneable> _byFormat = [];

    /// <summary>The format the image was decoded from; null for one that was made in memory.</summary>
    public IImageFormat? DecodedImageFormat { get; internal set; }

    /// <summary>The part that only <paramref name="key"/> knows; made empty when there is none yet.</summary>
    public TFormatMetadata GetFormatMetadata<TFormatMetadata>(IImageFormat<TFormatMetadata> key)
        where TFormatMetadata : class, IDeepCloneable
    {
        ArgumentNullException.ThrowIfNull(key);
        if (_byFormat.TryGetValue(key, out var found))
            return (TFormatMetadata)found;

        var made = key.CreateDefaultFormatMetadata();
        _byFormat.Add(key, made);
        return made;
    }

    public ImageMetadata DeepClone()
    {
        var clone = new ImageMetadata { DecodedImageFormat = DecodedImageFormat };
        foreach (var (format, metadata) in _byFormat)
            clone._byFormat.Add(format, metadata.DeepClone());
        return clone;
    }
}
