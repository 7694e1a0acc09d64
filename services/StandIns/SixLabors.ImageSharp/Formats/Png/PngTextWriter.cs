using System.IO.Compression;
using System.Text;
using SixLabors.ImageSharp.Formats.Png.Chunks;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Writes a text as iTXt when Latin-1 cannot hold it or it names a language, else as tEXt; compressed when it is long.</summary>
internal static class PngTextWriter
{
    /// <summary>Shorter texts hardly shrink.</summary>
    private const int CompressionThreshold = 1024;

    public static void Write(PngChunkWriter writer, PngTextData text)
    {
        var content = new MemoryStream();
        content.Write(KeywordBytes(text.Keyword));
        content.WriteByte(0);

        var isInternational = text.Value.Any(c => c > 255)
            || !string.IsNullOrWhiteSpace(text.LanguageTag) || !string.IsNullOrWhiteSpace(text.TranslatedKeyword);
        var isCompressed = text.Value.Length > CompressionThreshold;
        if (isInternational)
        {
            content.Write([isCompressed ? (byte)1 : (byte)0, 0]);
            content.Write(Encoding.Latin1.GetBytes(text.LanguageTag ?? string.Empty));
            content.WriteByte(0);
            content.Write(Encoding.UTF8.GetBytes(text.TranslatedKeyword ?? string.Empty));
            content.WriteByte(0);
        }
        else if (isCompressed)
        {
            content.WriteByte(0);
        }

        var value = (isInternational ? Encoding.UTF8 : Encoding.Latin1).GetBytes(text.Value);
        content.Write(isCompressed ? Deflate(value) : value);
        var type = isInternational ? PngChunk.InternationalText : isCompressed ? PngChunk.CompressedText : PngChunk.Text;
        writer.Write(type, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    private static byte[] KeywordBytes(string keyword) => keyword.Length <= 79
        ? Encoding.Latin1.GetBytes(keyword)
        : throw new ImageFormatException("A PNG text keyword has at most 79 characters.");

    private static byte[] Deflate(byte[] value)
    {
        var compressed = new MemoryStream();
        using (var deflater = new ZLibStream(compressed, CompressionLevel.Optimal))
            deflater.Write(value);
        return compressed.ToArray();
    }
}
