using System.IO.Compression;
using System.Text;
using SixLabors.ImageSharp.Formats.Png.Chunks;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Reads tEXt, zTXt and iTXt. A malformed text costs the text, never the image.</summary>
internal static class PngTextReader
{
    /// <summary>Compressed text may claim any size; no text that is longer than this is kept.</summary>
    private const int MaxInflatedLength = 1 << 20;

    public static PngTextData? Read(uint type, ReadOnlySpan<byte> content)
    {
        if (!TryTakeTerminated(ref content, out var keywordBytes) || keywordBytes.Length is 0 or > 79)
            return null;

        var keyword = Encoding.Latin1.GetString(keywordBytes);
        if (string.IsNullOrWhiteSpace(keyword))
            return null;

        return type switch
        {
            PngChunk.Text => new PngTextData(keyword, Encoding.Latin1.GetString(content), string.Empty, string.Empty),
            PngChunk.CompressedText => ReadCompressed(keyword, content),
            _ => ReadInternational(keyword, content),
        };
    }

    private static PngTextData? ReadCompressed(string keyword, ReadOnlySpan<byte> content) =>
        content.Length > 0 && content[0] == 0 && TryInflate(content[1..], out var text)
            ? new PngTextData(keyword, Encoding.Latin1.GetString(text), string.Empty, string.Empty)
            : null;

    private static PngTextData? ReadInternational(string keyword, ReadOnlySpan<byte> content)
    {
        if (content.Length < 2)
            return null;

        var isCompressed = content[0] == 1;
        var hasKnownMethod = content[0] <= 1 && content[1] == 0;
        content = content[2..];
        if (!hasKnownMethod || !TryTakeTerminated(ref content, out var language) || !TryTakeTerminated(ref content, out var translated))
            return null;

        if (isCompressed && !TryInflate(content, out content))
            return null;

        return new PngTextData(
            keyword, Encoding.UTF8.GetString(content), Encoding.Latin1.GetString(language), Encoding.UTF8.GetString(translated));
    }

    private static bool TryTakeTerminated(ref ReadOnlySpan<byte> content, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        var end = content.IndexOf((byte)0);
        if (end < 0)
            return false;

        taken = content[..end];
        content = content[(end + 1)..];
        return true;
    }

    private static bool TryInflate(ReadOnlySpan<byte> compressed, out ReadOnlySpan<byte> text)
    {
        text = default;
        using var inflater = new ZLibStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
        var inflated = new MemoryStream();
        Span<byte> block = stackalloc byte[4096];
        try
        {
            for (int read; (read = inflater.Read(block)) > 0 && inflated.Length <= MaxInflatedLength;)
                inflated.Write(block[..read]);
        }
        catch (InvalidDataException)
        {
            return false;
        }

        text = inflated.GetBuffer().AsSpan(0, (int)inflated.Length);
        return inflated.Length <= MaxInflatedLength;
    }
}
