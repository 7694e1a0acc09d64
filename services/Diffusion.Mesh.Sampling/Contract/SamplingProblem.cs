namespace Diffusion.Mesh.Sampling;

/// <summary>One thing wrong with a choice of sampler.</summary>
/// <param name="Field">
/// The property of <see cref="SamplingChoice"/> by name, or <c>model.</c> and the field of scheduler_config.json.
/// </param>
/// <param name="Description">What is wrong and what would be right, for the caller.</param>
public sealed record SamplingProblem(string Field, string Description);
