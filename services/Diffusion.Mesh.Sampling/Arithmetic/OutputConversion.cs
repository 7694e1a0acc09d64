namespace Diffusion.Mesh.Sampling;

/// <summary>A model output made into the clean latents or the noise that the DPM-Solver family works on.</summary>
internal sealed class OutputConversion(PredictionType prediction, CleanLimit limit)
{
    public void Apply(
        bool toClean,
        (double Signal, double Deviation) level,
        ReadOnlySpan<float> latents,
        ReadOnlySpan<float> output,
        Span<float> converted)
    {
        if (toClean)
            ToClean(level, latents, output, converted);
        else
            ToNoise(level, latents, output, converted);
    }

    public void ToClean((double Signal, double Deviation) level, ReadOnlySpan<float> latents, ReadOnlySpan<float> output, Span<float> clean)
    {
        Prediction.Clean(prediction, level.Signal, level.Deviation).Apply(latents, output, clean);
        limit.Apply(clean);
    }

    private void ToNoise(
        (double Signal, double Deviation) level, ReadOnlySpan<float> latents, ReadOnlySpan<float> output, Span<float> noise)
    {
        if (!limit.IsActive)
        {
            Prediction.Noise(prediction, level.Signal, level.Deviation).Apply(latents, output, noise);
            return;
        }

        // The noise that the limited clean latents leave.
        ToClean(level, latents, output, noise);
        new Affine(1 / level.Deviation, -level.Signal / level.Deviation).Apply(latents, noise, noise);
    }
}
