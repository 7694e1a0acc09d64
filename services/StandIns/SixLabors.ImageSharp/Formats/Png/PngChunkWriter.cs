using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Writes chunks: length, type, content, CRC.</summary>
internal sealed class PngChunkWriter(Stream stream)
{
    public void Write(uint type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        stream.Write(number);
        BinaryPrimitives.WriteUInt32BigEndian(number, type);
        stream.Write(number);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(number, content));
        stream.Write(number);
    }

    /// <summary>IHDR for eight bits a sample, not interlaced.</summary>
    public void WriteHeader(Size size, PngColorType colorType)
    {
        Span<byte> content = stackalloc byte[13];
        content.Clear();
        BinaryPrimitives.WriteInt32BigEndian(content, size.Width);
        BinaryPrimitives.WriteInt32BigEndian(content[4..], size.Height);
        content[8] = (byte)PngBitDepth.Bit8;
        content[9] = (byte)colorType;
        Write(PngChunk.Header, content);
    }
}
