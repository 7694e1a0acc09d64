namespace Diffusion.Mesh.Sampling;

/// <summary>torch's and numpy's ways of filling arrays, where their rounding shows in a schedule.</summary>
internal static class Torch
{
    /// <summary><c>torch.linspace(..., dtype=float32)</c>: from both ends towards the middle.</summary>
    public static float[] Linspace(double start, double end, int count)
    {
        var (first, last) = ((float)start, (float)end);
        var step = (last - first) / (count - 1);
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = i < count / 2 ? first + step * i : last - step * (count - i - 1);
        return values;
    }

    /// <summary><c>torch.cumprod</c> on a CPU: the product runs in double, each result is rounded.</summary>
    public static float[] CumulativeProduct(ReadOnlySpan<float> factors)
    {
        var products = new float[factors.Length];
        var product = 1.0;
        for (var i = 0; i < factors.Length; i++)
            products[i] = (float)(product *= factors[i]);
        return products;
    }

    /// <summary><c>numpy.linspace(start, end, count)</c> in double.</summary>
    public static double[] LinspaceDouble(double start, double end, int count)
    {
        var values = new double[count];
        var step = count > 1 ? (end - start) / (count - 1) : 0;
        for (var i = 0; i < count; i++)
            values[i] = i * step + start;
        if (count > 1)
            values[^1] = end;
        return values;
    }

    /// <summary><c>numpy.interp(x, arange(len(table)), table)</c>.</summary>
    public static double Interpolate(double x, ReadOnlySpan<float> table)
    {
        if (x <= 0)
            return table[0];
        if (x >= table.Length - 1)
            return table[^1];
        var below = (int)x;
        return ((double)table[below + 1] - table[below]) * (x - below) + table[below];
    }
}
