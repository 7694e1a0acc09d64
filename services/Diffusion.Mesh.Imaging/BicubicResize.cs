namespace Diffusion.Mesh.Imaging;

/// <summary>
/// Antialiased bicubic resizing (Keys 1981, a = -0.5) with the rounding of the Pillow library, which CLIP's preprocessing is defined by:
/// horizontal pass, then vertical, each rounded to 8 bits.
/// </summary>
public static class BicubicResize
{
    private const int PrecisionBits = 32 - 8 - 2;

    /// <summary>Resizes to <paramref name="width"/> x <paramref name="height"/> pixels.</summary>
    public static Picture Resize(Picture picture, int width, int height)
    {
        if (width == picture.Width && height == picture.Height)
            return picture;
        var wide = new byte[3 * width * picture.Height];
        var columns = Weights.For(picture.Width, width);
        for (var y = 0; y < picture.Height; y++)
            Pass(picture.Rgb, y * picture.Width * 3, 3, wide, y * width * 3, 3, columns);

        var result = new byte[3 * width * height];
        var rows = Weights.For(picture.Height, height);
        for (var x = 0; x < width; x++)
            Pass(wide, x * 3, width * 3, result, x * 3, width * 3, rows);
        return new Picture(width, height, result);
    }

    private static void Pass(byte[] source, int from, int sourceStride, byte[] target, int to, int targetStride, Weights[] weights)
    {
        foreach (var (first, factors) in weights)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var sum = 1 << (PrecisionBits - 1);
                for (var k = 0; k < factors.Length; k++)
                    sum += source[from + (first + k) * sourceStride + channel] * factors[k];
                target[to + channel] = (byte)Math.Clamp(sum >> PrecisionBits, 0, 255);
            }

            to += targetStride;
        }
    }

    /// <summary>The source pixels that make one target pixel: the first, and fixed-point factors from there on.</summary>
    private sealed record Weights(int First, int[] Factors)
    {
        public static Weights[] For(int source, int target)
        {
            var scale = (double)source / target;
            var stretch = Math.Max(scale, 1.0);
            var support = 2.0 * stretch;
            var weights = new Weights[target];
            for (var i = 0; i < target; i++)
            {
                var center = (i + 0.5) * scale;
                var first = Math.Max((int)(center - support + 0.5), 0);
                var end = Math.Min((int)(center + support + 0.5), source);
                var factors = Enumerable.Range(first, end - first).Select(x => Cubic((x - center + 0.5) / stretch)).ToArray();
                var sum = factors.Sum();
                weights[i] = new Weights(first, Array.ConvertAll(factors, f => Fixed(f / sum)));
            }

            return weights;
        }

        private static int Fixed(double factor) => (int)(factor * (1 << PrecisionBits) + (factor < 0 ? -0.5 : 0.5));

        private static double Cubic(double x)
        {
            const double a = -0.5;
            x = Math.Abs(x);
            if (x < 1)
                return ((a + 2) * x - (a + 3)) * x * x + 1;
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
        }
    }
}
