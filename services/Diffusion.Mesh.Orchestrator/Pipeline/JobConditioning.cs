using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What steers a job's UNet.</summary>
/// <param name="Positive">The guided row's inputs.</param>
/// <param name="Negative">The unguided row's; null when guidance is off.</param>
/// <param name="PromptTokens">Tokens of the prompt, before truncation.</param>
/// <param name="Pooled">The prompt's projected embedding, float32 [1, width], where there is one.</param>
/// <param name="Warnings">What the client should know.</param>
internal sealed record JobConditioning(
    Conditioning Positive, Conditioning? Negative, uint PromptTokens, Tensor? Pooled, IReadOnlyList<string> Warnings);
