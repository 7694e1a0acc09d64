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

    /// <summary>
    /// The noise that the model output implies, which is the derivative of the latents by sigma. Rounded as the reference
    /// rounds: latents of a noise level in the thousands have no digits to spare.
    /// </summary>
    public static void Derivative(
        PredictionType type, float sigma, ReadOnlySpan<float> latents, ReadOnlySpan<float> output, Span<float> derivative)
    {
        PredictClean(type, sigma, latents, output, derivative);
        Derivative(sigma, latents, derivative, derivative);
    }

    /// <summary>The same from the clean latents.</summary>
    public static void Derivative(float sigma, ReadOnlySpan<float> latents, ReadOnlySpan<float> clean, Span<float> derivative)
    {
        for (var i = 0; i < derivative.Length; i++)
            derivative[i] = (latents[i] - clean[i]) / sigma;
    }

    /// <summary>The clean latents that the model output implies (the preconditioning of Karras et al. 2022).</summary>
    public static void PredictClean(
        PredictionType type, float sigma, ReadOnlySpan<float> latents, ReadOnlySpan<float> output, Span<float> clean)
    {
        if (type == PredictionType.Sample)
        {
            output.CopyTo(clean);
            return;
        }

        var square = sigma * sigma + 1;
        var (divisor, scale) = type == PredictionType.Velocity ? (square, -sigma / MathF.Sqrt(square)) : (1, -sigma);
        for (var i = 0; i < clean.Length; i++)
            clean[i] = output[i] * scale + latents[i] / divisor;
    }

    /// <summary>
    /// The level that an ancestral step goes down to, and the deviation of the noise that brings it back up to
    /// <paramref name="to"/>.
    /// </summary>
    public static (float Down, float Up) Ancestral(float from, float to)
    {
        var up = MathF.Sqrt(to * to * (from * from - to * to) / (from * from));
        return (MathF.Sqrt(MathF.Max(to * to - up * up, 0)), up);
    }
}
