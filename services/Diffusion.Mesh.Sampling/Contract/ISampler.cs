namespace Diffusion.Mesh.Sampling;

/// <summary>
/// A sampling rule with its schedule, built for one generation by <see cref="Samplers.Create"/>. Immutable and thread safe:
/// what changes from step to step is in <see cref="SamplerState"/>.
/// </summary>
/// <remarks>
/// Latents are row-major float32 of any shape; every span of one call has the same length. A position is an index into
/// <see cref="Evaluations"/>.
/// </remarks>
public interface ISampler
{
    /// <summary>The short name, for example <c>euler_a</c>.</summary>
    string Name { get; }

    /// <summary>The model calls in order: Heun has two a step less one, PNDM its warm-up call as well.</summary>
    IReadOnlyList<Evaluation> Evaluations { get; }

    /// <summary>The noise level that remains after the last evaluation; mostly zero.</summary>
    double FinalSigma { get; }

    /// <summary>What standard normal noise is multiplied by to make the latents of the first evaluation.</summary>
    double InitialNoiseSigma { get; }

    /// <summary>How many arrays of latents' length <see cref="SamplerState.History"/> has.</summary>
    int HistorySlots { get; }

    /// <summary>The latents as the model wants them at <paramref name="position"/>; the spans may be the same.</summary>
    void ScaleInput(int position, ReadOnlySpan<float> latents, Span<float> modelInput);

    /// <summary>
    /// Takes the (guided) model output at <see cref="SamplerState.Position"/>, updates the latents in place and advances the
    /// position by one. Draws from <paramref name="noise"/> as the reference does, always in draws of the latents' length.
    /// </summary>
    void Step(SamplerState state, ReadOnlySpan<float> modelOutput, NoiseStream noise);

    /// <summary>The forward process to the evaluation at <paramref name="position"/>: clean latents with its noise (image to image).</summary>
    void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy);

    /// <summary>
    /// The clean latents that the model output implies, for previews. <paramref name="latents"/> are those that
    /// <see cref="Step"/> found, not those it left.
    /// </summary>
    void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean);

    /// <summary>
    /// The position of the first evaluation for image to image, as diffusers' <c>get_timesteps</c> has it; equal to the number
    /// of evaluations if the strength leaves no step.
    /// </summary>
    /// <param name="strength">From 0 (keep the image) to 1 (all steps).</param>
    int StartForStrength(double strength);

    /// <summary>The state before the evaluation at <paramref name="start"/>; it keeps <paramref name="latents"/> itself, no copy.</summary>
    SamplerState Begin(float[] latents, int start = 0) => SamplerState.Begin(latents, start, HistorySlots);
}
