namespace Diffusion.Mesh.Sampling.Tests;

/// <summary>The formula that stands in for a model in the goldens, and the loop that calls it.</summary>
internal static class FormulaModel
{
    /// <summary>With u = t / 1000: 0.6 x cos(0.7 + 2u) + 0.35 sin(2.5x + 3u).</summary>
    public static void Predict(ReadOnlySpan<float> x, double timestep, Span<float> output)
    {
        var u = (float)timestep / 1000;
        for (var i = 0; i < x.Length; i++)
            output[i] = 0.6f * x[i] * MathF.Cos(0.7f + 2 * u) + 0.35f * MathF.Sin(2.5f * x[i] + 3 * u);
    }

    /// <summary>One evaluation with its step.</summary>
    public static void Advance(ISampler sampler, SamplerState state, NoiseStream noise)
    {
        var (input, output) = (new float[state.Latents.Length], new float[state.Latents.Length]);
        sampler.ScaleInput(state.Position, state.Latents, input);
        Predict(input, sampler.Evaluations[state.Position].Timestep, output);
        sampler.Step(state, output, noise);
    }

    /// <summary>Pure noise of the first evaluation, from the head of the stream.</summary>
    public static SamplerState Begin(ISampler sampler, NoiseStream noise, int length, int start = 0)
    {
        var latents = new float[length];
        noise.Draw(latents);
        for (var i = 0; i < length; i++)
            latents[i] *= (float)sampler.InitialNoiseSigma;
        return sampler.Begin(latents, start);
    }
}
