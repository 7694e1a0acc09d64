using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Diffusion.Mesh.StandIns.Tests;

/// <summary>Makes PNG files by hand, sound ones and broken ones, independently of the encoder under test.</summary>
internal sealed class ImageSharpPngBuilder
{
    private readonly MemoryStream _file = new();

    public ImageSharpPngBuilder(int width, int height, int bitDepth, int colorType, bool isInterlaced = false)
    {
        _file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)bitDepth, (byte)colorType, isInterlaced ? (byte)1 : (byte)0);
        Chunk("IHDR", header);
    }

    public ImageSharpPngBuilder Chunk(string type, params ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        _file.Write(number);
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
        _file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        _file.Write(number);
        return this;
    }

    /// <summary>Rows as they are before compression: each with its filter byte in front.</summary>
    public ImageSharpPngBuilder Data(params ReadOnlySpan<byte> rows)
    {
        var compressed = new MemoryStream();
        using (var deflater = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            deflater.Write(rows);
        return Chunk("IDAT", compressed.ToArray());
    }

    public byte[] Build() => Chunk("IEND").Unfinished();

    public byte[] Unfinished() => _file.ToArray();

    /// <summary>The CRC bit by bit, as the PNG specification defines it.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
        }

        return ~crc;
    }
}
