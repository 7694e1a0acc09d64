using System.Numerics;
using System.Runtime.InteropServices;

namespace Diffusion.Mesh.Import.Weights;

/// <summary>Finds values that are infinite or not a number.</summary>
internal static class Finite
{
    /// <summary>Index of the first such value; -1 where there is none.</summary>
    public static int IndexOfOther(ReadOnlySpan<float> values)
    {
        // 0 * x is 0 for every finite x and not a number for every other.
        var sum = Vector<float>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in vectors)
            sum += vector * Vector<float>.Zero;
        var rest = values[(vectors.Length * Vector<float>.Count)..];
        var total = Vector.Sum(sum);
        foreach (var value in rest)
            total += value * 0;
        return total == 0 ? -1 : FirstOther(values);
    }

    private static int FirstOther(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return i;
        }

        return -1;
    }
}
