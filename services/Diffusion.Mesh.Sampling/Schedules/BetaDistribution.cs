namespace Diffusion.Mesh.Sampling;

/// <summary>Quantiles of the symmetric beta distribution.</summary>
internal static class BetaDistribution
{
    private const int Bisections = 60;
    private const int Fractions = 60;

    /// <summary>The x in [0, 1] below which a share <paramref name="p"/> of the distribution with both shapes equal lies.</summary>
    public static double Quantile(double p, double shape)
    {
        if (p is <= 0 or >= 1)
            return Math.Clamp(p, 0, 1);
        if (p > 0.5)
            return 1 - Quantile(1 - p, shape);

        var (low, high) = (0.0, 0.5);
        for (var i = 0; i < Bisections; i++)
        {
            var middle = (low + high) / 2;
            if (Cumulative(middle, shape) < p)
                low = middle;
            else
                high = middle;
        }

        return (low + high) / 2;
    }

    // Symmetry puts half of the distribution below the middle, which spares the normalising beta function.
    private static double Cumulative(double x, double a) => 0.5 * Unscaled(x, a) / Unscaled(0.5, a);

    // The continued fraction of the incomplete beta function (DLMF 8.17.22), which converges quickly up to the middle.
    private static double Unscaled(double x, double a)
    {
        var fraction = 1.0;
        for (var m = Fractions; m >= 1; m--)
        {
            var k = m / 2;
            var term = m % 2 == 0 ? k * (a - k) : -(a + k) * (2 * a + k);
            fraction = 1 + term * x / ((a + m - 1) * (a + m)) / fraction;
        }

        return Math.Pow(x * (1 - x), a) / fraction;
    }
}
