using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Where a chunk's content lies in the file.</summary>
/// <param name="Type">The four letters, first letter in the highest byte.</param>
/// <param name="Start">Offset of the content.</param>
/// <param name="Length">Length of the content.</param>
internal readonly record struct PngChunk(uint Type, int Start, int Length)
{
    public const uint Header = 'I' << 24 | 'H' << 16 | 'D' << 8 | 'R';
    public const uint Palette = 'P' << 24 | 'L' << 16 | 'T' << 8 | 'E';
    public const uint Transparency = 't' << 24 | 'R' << 16 | 'N' << 8 | 'S';
    public const uint Data = 'I' << 24 | 'D' << 16 | 'A' << 8 | 'T';
    public const uint End = 'I' << 24 | 'E' << 16 | 'N' << 8 | 'D';
    public const uint Text = 't' << 24 | 'E' << 16 | 'X' << 8 | 't';
    public const uint CompressedText = 'z' << 24 | 'T' << 16 | 'X' << 8 | 't';
    public const uint InternationalText = 'i' << 24 | 'T' << 16 | 'X' << 8 | 't';
    public const uint FrameControl = 'f' << 24 | 'c' << 16 | 'T' << 8 | 'L';

    /// <summary>The first letter of a chunk without which the image cannot be decoded is a capital.</summary>
    public bool IsCritical => (Type & 0x20000000) == 0;

    public ReadOnlySpan<byte> Content(ReadOnlySpan<byte> file) => file.Slice(Start, Length);

    public bool HasValidCrc(ReadOnlySpan<byte> file) =>
        Crc32.Compute(file.Slice(Start - 4, Length + 4), []) == BinaryPrimitives.ReadUInt32BigEndian(file[(Start + Length)..]);

    /// <summary>The chunk at <paramref name="position"/>; false where the file ends too early.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, int position, out PngChunk chunk)
    {
        chunk = default;
        if (file.Length - position < 12)
            return false;

        var length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
        if (length > file.Length - position - 12)
            return false;

        chunk = new PngChunk(BinaryPrimitives.ReadUInt32BigEndian(file[(position + 4)..]), position + 8, (int)length);
        return true;
    }
}
