using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A request that was checked and completed with defaults: nothing deeper checks again.</summary>
/// <param name="RequestId">The client's own id; empty for none.</param>
/// <param name="Sampler">The sampler with its schedule.</param>
/// <param name="Schedule">The schedule as the worker gets it.</param>
/// <param name="SamplerChoice">The sampler as the worker gets it.</param>
internal sealed record ValidRequest(
    string RequestId,
    ModelFacts Model,
    string Prompt,
    string NegativePrompt,
    int Width,
    int Height,
    int Count,
    ulong Seed,
    double GuidanceScale,
    ISampler Sampler,
    Schedule Schedule,
    Sampler SamplerChoice,
    ImageOptions ImageOptions,
    bool OmitMetadata,
    bool Detach,
    int Priority)
{
    /// <summary>Whether the unguided row is computed.</summary>
    public bool IsGuided => GuidanceScale > 1;
}
