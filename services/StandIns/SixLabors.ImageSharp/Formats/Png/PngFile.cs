using SixLabors.ImageSharp.Formats.Png.Chunks;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>A PNG file taken apart into chunks; nothing here grows with the dimensions in the header.</summary>
internal sealed class PngFile
{
    private PngFile(PngHeader header) => Header = header;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public PngHeader Header { get; }

    /// <summary>The IDAT chunks in order.</summary>
    public List<PngChunk> Data { get; } = [];

    public List<PngTextData> Texts { get; } = [];

    public PngChunk? Palette { get; private set; }

    public PngChunk? Transparency { get; private set; }

    /// <summary>Frames of an animation; 0 for a still image.</summary>
    public int FrameCount { get; private set; }

    /// <param name="file">The whole file.</param>
    /// <param name="forPixels">True to insist on everything that decoding needs; false to be content with the headers.</param>
    /// <param name="skipTexts">Leaves the texts out.</param>
    public static PngFile Parse(ReadOnlySpan<byte> file, bool forPixels, bool skipTexts)
    {
        if (!PngChunk.TryRead(file, Signature.Length, out var chunk) || chunk.Type != PngChunk.Header)
            throw new InvalidImageContentException("PNG Image does not contain a header chunk.");

        CheckCrc(file, chunk);
        var png = new PngFile(PngHeader.Parse(chunk.Content(file)));
        var ended = false;
        while (!ended && PngChunk.TryRead(file, chunk.Start + chunk.Length + 4, out chunk))
        {
            ended = chunk.Type == PngChunk.End;
            png.Take(file, chunk, forPixels, skipTexts);
        }

        if (forPixels && (!ended || png.Data.Count == 0))
            throw new InvalidImageContentException("PNG Image is truncated.");
        return png;
    }

    private void Take(ReadOnlySpan<byte> file, PngChunk chunk, bool forPixels, bool skipTexts)
    {
        if (chunk.Type == PngChunk.Data && !forPixels)
            return;

        if (chunk.IsCritical)
            CheckCrc(file, chunk);
        else if (!chunk.HasValidCrc(file))
            return;

        switch (chunk.Type)
        {
            case PngChunk.Data:
                Data.Add(chunk);
                break;
            case PngChunk.Palette:
                Palette = chunk;
                break;
            case PngChunk.Transparency:
                Transparency = chunk;
                break;
            case PngChunk.FrameControl:
                FrameCount++;
                break;
            case PngChunk.Text or PngChunk.CompressedText or PngChunk.InternationalText when !skipTexts:
                if (PngTextReader.Read(chunk.Type, chunk.Content(file)) is { } text)
                    Texts.Add(text);
                break;
            case PngChunk.End:
                break;
            default:
                if (chunk.IsCritical)
                    throw new InvalidImageContentException("PNG Image contains an unknown critical chunk.");
                break;
        }
    }

    private static void CheckCrc(ReadOnlySpan<byte> file, PngChunk chunk)
    {
        if (!chunk.HasValidCrc(file))
            throw new InvalidImageContentException("PNG Image contains a critical chunk with a wrong CRC.");
    }
}
