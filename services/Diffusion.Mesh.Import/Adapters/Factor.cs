using System.Numerics.Tensors;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Adapters;

/// <summary>A matrix in memory, row-major.</summary>
internal sealed class Factor(float[] values, int rows)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = rows == 0 ? 0 : values.Length / rows;

    public ReadOnlySpan<float> this[int row] => values.AsSpan(row * Columns, Columns);

    /// <summary>A tensor as [first dimension, all others].</summary>
    public static Factor Of(StoredTensor tensor) => new(tensor.ReadAll(), checked((int)tensor.Shape[0]));

    public Factor Transposed()
    {
        var transposed = new float[values.Length];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
                transposed[(column * Rows) + row] = this[row][column];
        }

        return new Factor(transposed, Columns);
    }

    public Factor Times(Factor right)
    {
        var product = new float[Rows * right.Columns];
        for (var row = 0; row < Rows; row++)
            AddProduct(this[row], right, 1, product.AsSpan(row * right.Columns, right.Columns));
        return new Factor(product, Rows);
    }

    /// <summary>Puts a core [r, s, k, k] before this [s, i]: [r, i·k·k], row-major with the kernel last.</summary>
    public Factor BehindCore(StoredTensor core)
    {
        var (outer, kernel) = ((int)core.Shape[0], checked((int)(core.Shape[2] * core.Shape[3])));
        var inner = Factor.Of(core);
        var combined = new float[outer * Columns * kernel];
        for (var p = 0; p < outer; p++)
        {
            for (var q = 0; q < Rows; q++)
            {
                var at = inner[p].Slice(q * kernel, kernel);
                for (var i = 0; i < Columns; i++)
                {
                    var target = combined.AsSpan(((p * Columns) + i) * kernel, kernel);
                    TensorPrimitives.MultiplyAdd(at, this[q][i], target, target);
                }
            }
        }

        return new Factor(combined, outer);
    }

    /// <summary>Adds scale · left · right, left being one row.</summary>
    public static void AddProduct(ReadOnlySpan<float> left, Factor right, float scale, Span<float> row)
    {
        for (var k = 0; k < left.Length; k++)
            TensorPrimitives.MultiplyAdd(right[k], left[k] * scale, row, row);
    }
}
