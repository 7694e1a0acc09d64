namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>How WebP stores pixels.</summary>
public enum WebpFileFormatType
{
    Lossless,
    Lossy,
}
