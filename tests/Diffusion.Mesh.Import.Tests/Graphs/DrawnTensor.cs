using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Tests;

/// <summary>A tensor of drawn numbers: norms' are about 1, others' so small that a layer's results stay of order one.</summary>
internal sealed class DrawnTensor(string name, TensorShape shape, StoredType type = StoredType.Float32) : StoredTensor(name, shape, type)
{
    private readonly float[] _values = Draw(name, shape);

    /// <inheritdoc/>
    protected internal override void ReadValues(long start, Span<float> values) => _values.AsSpan((int)start, values.Length).CopyTo(values);

    private static float[] Draw(string name, TensorShape shape)
    {
        // A string's own hash differs from process to process.
        var random = new Random(name.Aggregate(17, (seed, c) => unchecked(seed * 31 + c)));
        var scale = shape.Rank > 1 ? Math.Sqrt(3.0 / shape.RowLength) : 0.1;
        var center = shape.Rank == 1 && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0;
        var values = new float[shape.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(center + scale * (2 * random.NextDouble() - 1));
        return values;
    }
}
