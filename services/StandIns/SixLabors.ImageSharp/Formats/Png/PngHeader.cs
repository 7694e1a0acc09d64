using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The content of IHDR.</summary>
internal readonly record struct PngHeader(int Width, int Height, PngBitDepth BitDepth, PngColorType ColorType, PngInterlaceMode Interlace)
{
    public int BitsPerPixel => Channels * (int)BitDepth;

    /// <summary>The distance to the pixel on the left that filters work with, in bytes.</summary>
    public int FilterStride => Math.Max(1, BitsPerPixel / 8);

    private int Channels => ColorType switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GrayscaleWithAlpha => 2,
        PngColorType.RgbWithAlpha => 4,
        _ => 1,
    };

    /// <summary>Bytes of a row of <paramref name="width"/> pixels, without the filter byte.</summary>
    public long RowLength(int width) => (((long)width * BitsPerPixel) + 7) / 8;

    public static PngHeader Parse(ReadOnlySpan<byte> content)
    {
        if (content.Length != 13)
            throw new InvalidImageContentException("PNG Image header has a wrong length.");

        var width = BinaryPrimitives.ReadUInt32BigEndian(content);
        var height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        var header = new PngHeader((int)width, (int)height, (PngBitDepth)content[8], (PngColorType)content[9], (PngInterlaceMode)content[12]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw new InvalidImageContentException($"PNG Image has impossible dimensions {width} x {height}.");
        if (!header.HasValidDepth())
            throw new InvalidImageContentException($"PNG Image has an impossible colour type {content[9]} with bit depth {content[8]}.");
        if (content[10] != 0 || content[11] != 0 || content[12] > 1)
            throw new InvalidImageContentException("PNG Image has an unknown compression, filter or interlace method.");

        return header;
    }

    private bool HasValidDepth() => ColorType switch
    {
        PngColorType.Grayscale => (int)BitDepth is 1 or 2 or 4 or 8 or 16,
        PngColorType.Palette => (int)BitDepth is 1 or 2 or 4 or 8,
        PngColorType.Rgb or PngColorType.GrayscaleWithAlpha or PngColorType.RgbWithAlpha => (int)BitDepth is 8 or 16,
        _ => false,
    };
}
