namespace Diffusion.Mesh.Import.Weights;

/// <summary>A tensor of a checkpoint: its shape now, its values when they are asked for.</summary>
/// <param name="name">Its name where it comes from; errors tell it.</param>
/// <param name="shape">Its dimensions.</param>
/// <param name="type">How its elements are stored.</param>
internal abstract class StoredTensor(string name, TensorShape shape, StoredType type)
{
    /// <summary>What is read at once where a whole tensor is gone through, in elements: 4 MiB of float32.</summary>
    public const int Chunk = 1 << 20;

    public string Name { get; } = name;

    public TensorShape Shape { get; } = shape;

    public StoredType Type { get; } = type;

    public long Count => Shape.Count;

    /// <summary>Where the bytes lie as they are, so that a graph can point to them; null where values are computed.</summary>
    public virtual FileExtent? Extent => null;

    /// <summary>Reads elements as float32, exactly unless they are float64. Safe to call from several threads.</summary>
    /// <param name="start">Index of the first element, row-major.</param>
    /// <param name="values">Gets as many elements as it is long.</param>
    /// <exception cref="ImportException">One of them is not a finite number.</exception>
    public void Read(long start, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + values.Length, Count, nameof(start));
        if (values.IsEmpty)
            return;
        ReadValues(start, values);
        var wrong = Finite.IndexOfOther(values);
        if (wrong >= 0)
            throw new ImportException($"The tensor '{Name}' is not finite: element {start + wrong} is {values[wrong]}.");
    }

    /// <summary>All elements as float32. For tensors that are small, or needed whole.</summary>
    public float[] ReadAll()
    {
        var values = new float[Count];
        Read(0, values);
        return values;
    }

    /// <summary>Goes through all elements, for bytes that are used without being read.</summary>
    /// <exception cref="ImportException">One of them is not a finite number.</exception>
    public void RequireFinite()
    {
        var buffer = new float[Math.Min(Chunk, Count)];
        for (long start = 0; start < Count; start += buffer.Length)
            Read(start, buffer.AsSpan(0, (int)Math.Min(buffer.Length, Count - start)));
    }

    /// <summary>As <see cref="Read"/>, within bounds and unchecked for what is not finite.</summary>
    protected internal abstract void ReadValues(long start, Span<float> values);
}
