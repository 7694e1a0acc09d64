using SixLabors.ImageSharp.Formats.Png.Chunks;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>What a PNG file carries beside its pixels.</summary>
public class PngMetadata : IDeepCloneable
{
    public PngBitDepth? BitDepth { get; set; }

    public PngColorType? ColorType { get; set; }

    public PngInterlaceMode? InterlaceMethod { get; set; } = PngInterlaceMode.None;

    /// <summary>The texts of tEXt, zTXt and iTXt chunks, in the order of the file.</summary>
    public IList<PngTextData> TextData { get; set; } = new List<PngTextData>();

    public IDeepCloneable DeepClone() => new PngMetadata
    {
        BitDepth = BitDepth,
        ColorType = ColorType,
        InterlaceMethod = InterlaceMethod,
        TextData = [.. TextData],
    };
}
