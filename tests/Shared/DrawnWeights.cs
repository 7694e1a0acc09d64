namespace Diffusion.Mesh.Testing;

/// <summary>Weights that stand for trained ones: normal numbers of deviation 0.02, with which every network gives finite results.</summary>
internal static class DrawnWeights
{
    /// <summary>How many are drawn with one seed, so that blocks can be made side by side.</summary>
    public const int Block = 1 << 20;

    private const double Deviation = 0.02;

    // Box and Muller 1958.
    public static void Draw(Random random, Span<float> values)
    {
        for (var i = 0; i < values.Length; i += 2)
        {
            var radius = Deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(radius * cosine);
            if (i + 1 < values.Length)
                values[i + 1] = (float)(radius * sine);
        }
    }
}
