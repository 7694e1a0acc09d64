using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>The frames of an animated file. libwebp decodes pictures only, so a frame is made into the file of a picture.</summary>
internal static class WebpAnimation
{
    /// <summary>Bytes of a frame before its picture: position, size, duration, flags.</summary>
    private const int FrameHeaderLength = 16;

    public static int CountFrames(ReadOnlySpan<byte> file)
    {
        var count = 0;
        for (var position = WebpHeader.RiffLength; WebpChunk.TryRead(file, position, out var chunk); position = chunk.Next)
        {
            if (chunk.Type == WebpChunk.Frame)
                count++;
        }

        return count;
    }

    /// <summary>The first frame: where it lies on the canvas, and its picture as a file of its own.</summary>
    public static (Rectangle Bounds, byte[] Picture) FirstFrame(ReadOnlySpan<byte> file, Size canvas)
    {
        for (var position = WebpHeader.RiffLength; WebpChunk.TryRead(file, position, out var chunk); position = chunk.Next)
        {
            if (chunk.Type != WebpChunk.Frame)
                continue;

            var frame = chunk.Content(file);
            if (frame.Length < chunk.Length || frame.Length < FrameHeaderLength)
                break;

            var bounds = new Rectangle(
                2 * WebpHeader.ReadUInt24(frame), 2 * WebpHeader.ReadUInt24(frame[3..]),
                1 + WebpHeader.ReadUInt24(frame[6..]), 1 + WebpHeader.ReadUInt24(frame[9..]));
            if (!new Rectangle(default, canvas).Contains(bounds))
                throw new InvalidImageContentException("WebP Image has a frame outside its canvas.");

            return (bounds, MakeFile(frame[FrameHeaderLength..], bounds.Size));
        }

        throw new InvalidImageContentException("WebP Image does not contain a complete frame.");
    }

    private static byte[] MakeFile(ReadOnlySpan<byte> chunks, Size size)
    {
        const int extendedLength = 18;
        var file = new byte[WebpHeader.RiffLength + extendedLength + chunks.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WEBPVP8X"u8.CopyTo(file.AsSpan(8));

        var extended = file.AsSpan(16);
        extended[0] = 10;
        extended[4] = StartsWithAlpha(chunks) ? (byte)0x10 : (byte)0;
        WriteUInt24(extended[8..], size.Width - 1);
        WriteUInt24(extended[11..], size.Height - 1);
        chunks.CopyTo(extended[14..]);
        return file;
    }

    private static bool StartsWithAlpha(ReadOnlySpan<byte> chunks) =>
        WebpChunk.TryRead(chunks, 0, out var chunk) && chunk.Type is WebpChunk.Alpha or WebpChunk.Lossless;

    private static void WriteUInt24(Span<byte> target, int value) =>
        (target[0], target[1], target[2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
}
