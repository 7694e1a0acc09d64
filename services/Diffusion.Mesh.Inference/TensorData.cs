namespace Diffusion.Mesh.Inference;

/// <summary>A dense tensor in row-major order.</summary>
/// <param name="Type">Type of each element.</param>
/// <param name="Shape">Length of each dimension.</param>
/// <param name="Data">The elements, little-endian.</param>
public sealed record TensorData(ElementType Type, IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>Number of elements.</summary>
    public int Count => Data.Length / Elements.Size(Type);

    /// <summary>Makes a tensor of <paramref name="type"/> from float32 values.</summary>
    public static TensorData From(ReadOnlySpan<float> values, IReadOnlyList<int> shape, ElementType type = ElementType.Float32)
    {
        var data = new byte[values.Length * Elements.Size(type)];
        Elements.Write(values, type, data);
        return new TensorData(type, shape, data);
    }

    /// <summary>The elements as float32.</summary>
    public float[] ToFloats()
    {
        var values = new float[Count];
        Elements.Read(Data.Span, Type, values);
        return values;
    }

    /// <summary>Row <paramref name="index"/> of the first dimension, as a tensor with a first dimension of 1.</summary>
    public TensorData Row(int index)
    {
        var size = Data.Length / Shape[0];
        return new TensorData(Type, [1, .. Shape.Skip(1)], Data.Slice(index * size, size));
    }
}
