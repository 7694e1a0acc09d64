namespace Diffusion.Mesh.Unet.Tests;

/// <summary>Compares with reference results.</summary>
internal static class Close
{
    /// <summary>The largest difference, as a share of the reference's largest value; not a number where a value is none.</summary>
    public static double Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0, worst = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            worst = Math.Max(worst, Math.Abs((double)expected[i] - actual[i]));
        }

        return worst / largest;
    }
}
