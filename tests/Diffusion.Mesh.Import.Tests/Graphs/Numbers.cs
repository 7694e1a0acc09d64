namespace Diffusion.Mesh.Import.Tests;

/// <summary>Numbers to put into graphs, and how to compare what comes out.</summary>
internal static class Numbers
{
    /// <summary>Numbers between -1 and 1.</summary>
    public static float[] Draw(int seed, params ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var length in shape)
            count *= length;
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)count).Select(_ => 2 * random.NextSingle() - 1)];
    }

    /// <summary>Each value lies within <paramref name="tolerance"/> times the largest expected one, and not all are the same.</summary>
    public static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Max(MathF.Abs);
        Assert.NotEqual(expected.Min(), expected.Max());
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance * largest));
    }
}
