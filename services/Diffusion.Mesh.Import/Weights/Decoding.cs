using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Diffusion.Mesh.Import.Weights;

/// <summary>Turns stored bytes into float32. Everything but float64 becomes exactly the same number.</summary>
internal static class Decoding
{
    private static readonly float[] E4M3 = [.. Enumerable.Range(0, 256).Select(b => FromE4M3((byte)b))];
    private static readonly float[] E5M2 = [.. Enumerable.Range(0, 256).Select(b => (float)BitConverter.UInt16BitsToHalf((ushort)(b << 8)))];

    /// <param name="bytes">As many elements as <paramref name="values"/> has room for; need not be aligned.</param>
    /// <exception cref="NotSupportedException">The type holds no floating-point numbers.</exception>
    public static void ToSingles(StoredType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (type)
        {
            case StoredType.Float64:
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)Unsafe.ReadUnaligned<double>(in bytes[i * sizeof(double)]);
                break;
            case StoredType.Float32:
                bytes[..(values.Length * sizeof(float))].CopyTo(MemoryMarshal.AsBytes(values));
                break;
            case StoredType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            case StoredType.BFloat16:
                Widen(MemoryMarshal.Cast<byte, ushort>(bytes), MemoryMarshal.Cast<float, uint>(values));
                break;
            case StoredType.Float8E4M3:
                LookUp(E4M3, bytes, values);
                break;
            case StoredType.Float8E5M2:
                LookUp(E5M2, bytes, values);
                break;
            default:
                throw new NotSupportedException($"{type} is no type of weights.");
        }
    }

    private static void Widen(ReadOnlySpan<ushort> high, Span<uint> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (uint)high[i] << 16;
    }

    private static void LookUp(float[] table, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = table[bytes[i]];
    }

    /// <summary>The "fn" kind: bias 7, no infinity, 448 the largest, 2^-9 the step of subnormal numbers.</summary>
    private static float FromE4M3(byte bits)
    {
        var (exponent, mantissa) = ((bits >> 3) & 0xF, bits & 7);
        var magnitude = (bits & 0x7F) == 0x7F ? float.NaN
            : exponent == 0 ? mantissa * MathF.ScaleB(1, -9)
            : MathF.ScaleB(8 + mantissa, exponent - 10);
        return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }
}
