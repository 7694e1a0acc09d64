namespace Diffusion.Mesh.Sampling;

/// <summary>Latents written as clean + sigma * noise (k-diffusion), whose deviation grows with the noise level.</summary>
internal static class SigmaSpace
{
    /// <summary>Brings the latents back to the deviation that the model was trained on.</summary>
    public static void ScaleInput(float sigma, ReadOnlySpan<float> latents, Span<float> modelInput)
    {
        var deviation = MathF.Sqrt(sigma * sigma + 1);
        for (var i = 0; i < modelInput.Length; i++)
            modelInput[i] = latents[i] / deviation;
    }

    /// <summary>The share of a step to <paramref name="to"/> that is taken by fresh noise, and the level stepped down to (Karras et al. 2022).</summary>
    public static (double Down, double Up) Ancestral(double from, double to)
    {
        var up = Math.Sqrt(to * to * (from * from - to * to) / (from * from));
        return (Math.Sqrt(to * to - up * up), up);
    }
}
