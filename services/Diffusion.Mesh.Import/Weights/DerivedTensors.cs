namespace Diffusion.Mesh.Import.Weights;

/// <summary>A tensor's rows from one to another, in another shape or the same: its bytes lie together in the same file.</summary>
internal sealed class TensorSlice(StoredTensor source, long firstElement, TensorShape shape) : StoredTensor(source.Name, shape, source.Type)
{
    public override FileExtent? Extent => source.Extent is { } extent
        ? extent with { Offset = extent.Offset + (firstElement * Type.Size()), Length = Shape.Count * Type.Size() }
        : null;

    protected internal override void ReadValues(long start, Span<float> values) => source.ReadValues(firstElement + start, values);
}

/// <summary>The transpose of a matrix. Held in memory once it was read.</summary>
internal sealed class TransposedTensor(StoredTensor source)
    : StoredTensor(source.Name, new TensorShape(source.Shape[1], source.Shape[0]), source.Type)
{
    private readonly Lazy<float[]> _source = new(source.ReadAll);

    protected internal override void ReadValues(long start, Span<float> values)
    {
        var (rows, columns) = (source.Shape[0], source.Shape[1]);
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = Math.DivRem(start + i, rows);
            values[i] = _source.Value[(column * columns) + row];
        }
    }
}

/// <summary>A tensor of float8 with the factor that belongs to it: one for all, or one for each row.</summary>
internal sealed class ScaledTensor(StoredTensor source, float[] scales) : StoredTensor(source.Name, source.Shape, source.Type)
{
    protected internal override void ReadValues(long start, Span<float> values)
    {
        source.ReadValues(start, values);
        var perScale = Shape.Count / scales.Length;
        for (var i = 0; i < values.Length; i++)
            values[i] *= scales[(start + i) / perScale];
    }
}
