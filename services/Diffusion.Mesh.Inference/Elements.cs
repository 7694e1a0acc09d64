using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Diffusion.Mesh.Inference;

/// <summary>Reads and writes numbers in the element type that a model's file demands. Arithmetic elsewhere is always float32.</summary>
public static class Elements
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(ElementType type) => type switch
    {
        ElementType.Float16 => 2,
        ElementType.Int64 => 8,
        _ => 4,
    };

    /// <summary>Writes <paramref name="values"/> as <paramref name="type"/>; integers are rounded to the nearest, halves to even.</summary>
    public static void Write(ReadOnlySpan<float> values, ElementType type, Span<byte> destination)
    {
        switch (type)
        {
            case ElementType.Float32:
                MemoryMarshal.AsBytes(values).CopyTo(destination);
                break;
            case ElementType.Float16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(destination));
                break;
            case ElementType.Int64:
                var longs = MemoryMarshal.Cast<byte, long>(destination);
                for (var i = 0; i < values.Length; i++)
                    longs[i] = (long)MathF.Round(values[i]);
                break;
            case ElementType.Int32:
                var ints = MemoryMarshal.Cast<byte, int>(destination);
                for (var i = 0; i < values.Length; i++)
                    ints[i] = (int)MathF.Round(values[i]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type));
        }
    }

    /// <summary>Reads <paramref name="source"/>, elements of <paramref name="type"/>, as float32.</summary>
    public static void Read(ReadOnlySpan<byte> source, ElementType type, Span<float> destination)
    {
        switch (type)
        {
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(destination);
                break;
            case ElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);
                break;
            case ElementType.Int64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, long>(source), destination);
                break;
            case ElementType.Int32:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, int>(source), destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type));
        }
    }
}
