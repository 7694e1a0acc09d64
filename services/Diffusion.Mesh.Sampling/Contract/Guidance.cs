namespace Diffusion.Mesh.Sampling;

/// <summary>Classifier-free guidance (Ho and Salimans 2022).</summary>
public static class Guidance
{
    /// <summary>unguided + scale * (guided - unguided), element by element; the result may be either input.</summary>
    public static void Combine(ReadOnlySpan<float> unguided, ReadOnlySpan<float> guided, double scale, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = unguided[i] + (float)scale * (guided[i] - unguided[i]);
    }

    /// <summary>
    /// Gives the combined prediction of one picture the standard deviation of the guided one, blended with itself
    /// (Lin et al. 2023, section 3.4).
    /// </summary>
    /// <param name="combined">What <see cref="Combine"/> made, changed in place.</param>
    /// <param name="guided">The prediction with the prompt.</param>
    /// <param name="rescale">From 0 (unchanged) to 1 (fully rescaled).</param>
    public static void Rescale(Span<float> combined, ReadOnlySpan<float> guided, double rescale)
    {
        var ratio = Deviation(guided) / Deviation(combined);
        for (var i = 0; i < combined.Length; i++)
            combined[i] = (float)rescale * (combined[i] * ratio) + (float)(1 - rescale) * combined[i];
    }

    // torch.std: the sample deviation, accumulated in double.
    private static float Deviation(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        return (float)Math.Sqrt(squares / (values.Length - 1));
    }
}
