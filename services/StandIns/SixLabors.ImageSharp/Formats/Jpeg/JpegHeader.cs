using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>What the start of frame (SOF) of a JPEG file says.</summary>
internal readonly record struct JpegHeader(int Width, int Height, int Components)
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    /// <summary>Walks over the segments up to the frame header.</summary>
    public static JpegHeader Parse(ReadOnlySpan<byte> file)
    {
        var position = 2;
        while (TryReadMarker(file, ref position, out var marker) && marker is not (StartOfScan or EndOfImage))
        {
            if (HasNoLength(marker))
                continue;
            if (file.Length - position < 2)
                break;

            var length = BinaryPrimitives.ReadUInt16BigEndian(file[position..]);
            if (length < 2 || length > file.Length - position)
                break;
            if (IsStartOfFrame(marker))
                return ParseFrame(file.Slice(position + 2, length - 2));

            position += length;
        }

        throw new InvalidImageContentException("JPEG Image does not contain a frame header.");
    }

    /// <summary>True where the end marker follows the compressed data; without it the file is cut off.</summary>
    public static bool HasEnd(ReadOnlySpan<byte> file) => file[2..].LastIndexOf([(byte)0xFF, EndOfImage]) >= 0;

    private static JpegHeader ParseFrame(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 6)
            throw new InvalidImageContentException("JPEG Image has a truncated frame header.");

        var header = new JpegHeader(
            BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), frame[5]);
        if (header.Width == 0 || header.Height == 0 || header.Components is not (1 or 3 or 4))
            throw new InvalidImageContentException(
                $"JPEG Image has impossible dimensions {header.Width} x {header.Height} x {header.Components}.");

        return header;
    }

    private static bool TryReadMarker(ReadOnlySpan<byte> file, ref int position, out byte marker)
    {
        marker = 0;
        if (position >= file.Length || file[position] != 0xFF)
            return false;

        // Any number of FF may stand before the marker.
        while (position < file.Length && file[position] == 0xFF)
            position++;
        if (position == file.Length)
            return false;

        marker = file[position++];
        return true;
    }

    private static bool HasNoLength(byte marker) => marker is 0x01 or (>= 0xD0 and <= 0xD7);

    // C4, C8 and CC are tables and an extension, the rest of C0 to CF are frames.
    private static bool IsStartOfFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
