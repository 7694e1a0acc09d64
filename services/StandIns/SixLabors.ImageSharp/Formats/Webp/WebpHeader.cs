using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>What the first chunks of a WebP file say.</summary>
/// <param name="Size">The canvas.</param>
/// <param name="HasAlpha">True when pixels may be transparent.</param>
/// <param name="IsAnimated">True when frames follow instead of one picture.</param>
internal readonly record struct WebpHeader(Size Size, bool HasAlpha, bool IsAnimated)
{
    public const int RiffLength = 12;

    public static WebpHeader Parse(ReadOnlySpan<byte> file)
    {
        if (!WebpChunk.TryRead(file, RiffLength, out var chunk))
            throw new InvalidImageContentException("WebP Image does not contain a header.");

        var content = chunk.Content(file);
        return chunk.Type switch
        {
            WebpChunk.Extended when content.Length >= 10 => ParseExtended(content),
            WebpChunk.Lossy when content.Length >= 10 => ParseLossy(content),
            WebpChunk.Lossless when content.Length >= 5 => ParseLossless(content),
            _ => throw new InvalidImageContentException("WebP Image has a truncated or unknown header."),
        };
    }

    /// <summary>Numbers of three bytes, as the extended container uses them.</summary>
    public static int ReadUInt24(ReadOnlySpan<byte> data) => data[0] | data[1] << 8 | data[2] << 16;

    private static WebpHeader ParseExtended(ReadOnlySpan<byte> content) => new(
        new Size(1 + ReadUInt24(content[4..]), 1 + ReadUInt24(content[7..])), (content[0] & 0x10) != 0, (content[0] & 0x02) != 0);

    private static WebpHeader ParseLossy(ReadOnlySpan<byte> content)
    {
        var isKeyFrame = (content[0] & 1) == 0 && content[3..6].SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]);
        var width = BinaryPrimitives.ReadUInt16LittleEndian(content[6..]) & 0x3FFF;
        var height = BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) & 0x3FFF;
        if (!isKeyFrame || width == 0 || height == 0)
            throw new InvalidImageContentException("WebP Image has a corrupt VP8 header.");

        return new WebpHeader(new Size(width, height), HasAlpha: false, IsAnimated: false);
    }

    private static WebpHeader ParseLossless(ReadOnlySpan<byte> content)
    {
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(content[1..]);
        if (content[0] != 0x2F || bits >> 29 != 0)
            throw new InvalidImageContentException("WebP Image has a corrupt VP8L header.");

        var size = new Size(1 + (int)(bits & 0x3FFF), 1 + (int)(bits >> 14 & 0x3FFF));
        return new WebpHeader(size, HasAlpha: (bits >> 28 & 1) != 0, IsAnimated: false);
    }
}
