using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>Where a RIFF chunk's content lies.</summary>
internal readonly record struct WebpChunk(uint Type, int Start, int Length)
{
    // Letters as a little-endian number, as they are read.
    public const uint Lossy = 'V' | 'P' << 8 | '8' << 16 | ' ' << 24;
    public const uint Lossless = 'V' | 'P' << 8 | '8' << 16 | 'L' << 24;
    public const uint Extended = 'V' | 'P' << 8 | '8' << 16 | 'X' << 24;
    public const uint Frame = 'A' | 'N' << 8 | 'M' << 16 | 'F' << 24;
    public const uint Alpha = 'A' | 'L' << 8 | 'P' << 16 | 'H' << 24;

    /// <summary>Where the next chunk begins: contents are padded to an even length.</summary>
    public int Next => Start + Length + (Length & 1);

    public ReadOnlySpan<byte> Content(ReadOnlySpan<byte> data) => data.Slice(Start, Math.Min(Length, data.Length - Start));

    /// <summary>The chunk at <paramref name="position"/>; its content may be cut off by the end of the data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, int position, out WebpChunk chunk)
    {
        chunk = default;
        if (position < 0 || data.Length - position < 8)
            return false;

        var length = BinaryPrimitives.ReadUInt32LittleEndian(data[(position + 4)..]);
        if (length > int.MaxValue - position - 16)
            return false;

        chunk = new WebpChunk(BinaryPrimitives.ReadUInt32LittleEndian(data[position..]), position + 8, (int)length);
        return true;
    }
}
