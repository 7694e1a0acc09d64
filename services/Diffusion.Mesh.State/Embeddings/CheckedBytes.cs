using System.Buffers.Binary;
using System.Numerics;

namespace Diffusion.Mesh.State;

/// <summary>A value with a head of eight bytes: <c>MSH1</c>, and the CRC-32C of the rest, little-endian.</summary>
internal static class CheckedBytes
{
    private const uint Magic = 0x3148534D;
    private const int Head = 8;

    public static byte[] Write(ReadOnlyMemory<byte> value)
    {
        var bytes = new byte[Head + value.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Checksum(value.Span));
        value.CopyTo(bytes.AsMemory(Head));
        return bytes;
    }

    /// <summary>The value, in the same memory; null: it is broken.</summary>
    public static ReadOnlyMemory<byte>? Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < Head || BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span) != Magic)
            return null;
        var value = bytes[Head..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[4..]) != Checksum(value.Span))
            return null;
        return value;
    }

    // Eight bytes an instruction: a SHA-256 would take as long as the look-up itself.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var last in bytes)
            crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
