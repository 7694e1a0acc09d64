namespace Diffusion.Mesh.Sampling;

/// <summary>torch's float32 arithmetic, to the bit where schedules are made of it.</summary>
internal static class Torch
{
    /// <summary><c>torch.linspace(..., dtype=float32)</c>: from both ends towards the middle, each point rounded once.</summary>
    public static float[] Linspace(double start, double end, int count)
    {
        var (first, last) = ((float)start, (float)end);
        var step = (last - first) / (count - 1);
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = i < count / 2 ? MathF.FusedMultiplyAdd(step, i, first) : MathF.FusedMultiplyAdd(-step, count - i - 1, last);
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
}
