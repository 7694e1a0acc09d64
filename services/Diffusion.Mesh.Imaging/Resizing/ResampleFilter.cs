namespace Diffusion.Mesh.Imaging;

/// <summary>A resampling kernel, with the numbers that the Pillow library has.</summary>
public sealed class ResampleFilter
{
    private readonly Func<double, double> _weight;

    private ResampleFilter(double support, Func<double, double> weight) => (Support, _weight) = (support, weight);

    /// <summary>Cubic convolution (Keys 1981) with a = -0.5.</summary>
    public static ResampleFilter Bicubic { get; } = new(2, Cubic);

    /// <summary>A sinc windowed by a wider sinc (Duchon 1979), three lobes.</summary>
    public static ResampleFilter Lanczos { get; } = new(3, x => Math.Abs(x) < 3 ? Sinc(x) * Sinc(x / 3) : 0);

    /// <summary>Pixels to each side beyond which the weight is zero.</summary>
    public double Support { get; }

    /// <summary>The weight of a pixel <paramref name="x"/> pixels away.</summary>
    public double Weight(double x) => _weight(x);

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        if (x < 1)
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
