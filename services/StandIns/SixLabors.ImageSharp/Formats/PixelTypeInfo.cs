namespace SixLabors.ImageSharp.Formats;

/// <summary>The pixels of an encoded image.</summary>
public class PixelTypeInfo
{
    public PixelTypeInfo(int bitsPerPixel) => BitsPerPixel = bitsPerPixel;

    /// <summary>Bits of all channels together.</summary>
    public int BitsPerPixel { get; }
}
