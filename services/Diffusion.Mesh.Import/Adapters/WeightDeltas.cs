using System.Numerics.Tensors;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Adapters;

/// <summary>What an adapter adds to a weight, row by row: a row is everything behind the first dimension.</summary>
internal interface IWeightDelta
{
    /// <summary>Adds the scaled difference to one row.</summary>
    void AddTo(int row, Span<float> values);
}

/// <summary>LoRA (Hu et al. 2021): scale · up · down.</summary>
internal sealed class LowRankDelta(Factor up, Factor down, float scale) : IWeightDelta
{
    public void AddTo(int row, Span<float> values) => Factor.AddProduct(up[row], down, scale, values);
}

/// <summary>LoHa (Hyeon-Woo et al. 2021): scale · (first product) ⊙ (second product).</summary>
internal sealed class HadamardDelta(Factor firstUp, Factor firstDown, Factor secondUp, Factor secondDown, float scale) : IWeightDelta
{
    public void AddTo(int row, Span<float> values)
    {
        var (first, second) = (new float[values.Length], new float[values.Length]);
        Factor.AddProduct(firstUp[row], firstDown, scale, first);
        Factor.AddProduct(secondUp[row], secondDown, 1, second);
        TensorPrimitives.MultiplyAdd(first, second, values, values);
    }
}

/// <summary>LoKr: scale · Kronecker product of a matrix [a, b] with [c, d·k·k].</summary>
internal sealed class KroneckerDelta(Factor left, Factor right, float scale) : IWeightDelta
{
    public void AddTo(int row, Span<float> values)
    {
        var (outer, inner) = Math.DivRem(row, right.Rows);
        for (var b = 0; b < left.Columns; b++)
        {
            var target = values.Slice(b * right.Columns, right.Columns);
            TensorPrimitives.MultiplyAdd(right[inner], left[outer][b] * scale, target, target);
        }
    }
}

/// <summary>A whole difference.</summary>
internal sealed class FullDelta(StoredTensor difference, float scale) : IWeightDelta
{
    public void AddTo(int row, Span<float> values)
    {
        var read = new float[values.Length];
        difference.Read((long)row * values.Length, read);
        TensorPrimitives.MultiplyAdd(read, scale, values, values);
    }
}
