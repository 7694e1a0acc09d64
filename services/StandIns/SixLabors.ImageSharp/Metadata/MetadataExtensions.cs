using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Metadata;

namespace SixLabors.ImageSharp;

/// <summary>The parts of the metadata that belong to one format.</summary>
public static class MetadataExtensions
{
    public static PngMetadata GetPngMetadata(this ImageMetadata source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.GetFormatMetadata(PngFormat.Instance);
    }
}
