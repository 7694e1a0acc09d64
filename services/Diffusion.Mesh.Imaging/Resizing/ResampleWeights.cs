namespace Diffusion.Mesh.Imaging;

/// <summary>The source pixels that make one target pixel: the first, and fixed-point factors from there on.</summary>
internal sealed record ResampleWeights(int First, int[] Factors)
{
    /// <summary>Bits behind the point of a factor: 8 are the pixel's and 2 are for what overshoots.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    /// <summary>Behind the last source pixel.</summary>
    public int End => First + Factors.Length;

    /// <summary>The weights of target pixels <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/>.</summary>
    /// <param name="source">Pixels of the source's side.</param>
    /// <param name="target">Pixels of the whole target's side.</param>
    public static ResampleWeights[] For(ResampleFilter filter, int source, int target, int from, int count)
    {
        // A side that stays is copied: Pillow leaves the pass out.
        if (source == target)
            return [.. Enumerable.Range(from, count).Select(i => new ResampleWeights(i, [1 << PrecisionBits]))];

        var weights = new ResampleWeights[count];
        var scale = (double)source / target;
        var stretch = Math.Max(scale, 1.0);
        var (support, step) = (filter.Support * stretch, 1.0 / stretch);
        for (var i = 0; i < count; i++)
        {
            var center = (from + i + 0.5) * scale;
            var first = Math.Max((int)(center - support + 0.5), 0);
            var factors = new double[Math.Min((int)(center + support + 0.5), source) - first];
            var sum = 0.0;
            for (var k = 0; k < factors.Length; k++)
                sum += factors[k] = filter.Weight((k + first - center + 0.5) * step);
            weights[i] = new ResampleWeights(first, Array.ConvertAll(factors, f => Fixed(f / sum)));
        }

        return weights;
    }

    private static int Fixed(double factor) => (int)(factor * (1 << PrecisionBits) + (factor < 0 ? -0.5 : 0.5));
}
