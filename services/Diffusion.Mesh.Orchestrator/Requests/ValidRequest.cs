using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;
using Guidance = Diffusion.Mesh.V1.Guidance;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A request that was checked and completed with defaults: nothing deeper checks again.</summary>
/// <param name="RequestId">The client's own id; empty for none.</param>
/// <param name="Width">Pixels; 0: the source's own.</param>
/// <param name="Height">Pixels; 0: the source's own.</param>
/// <param name="Count">Pictures to return.</param>
/// <param name="Candidates">Pictures to make and rank; null: no ranking.</param>
/// <param name="Guidance">As the worker gets it; its scale is the request's.</param>
/// <param name="Sampler">The sampler with its schedule.</param>
/// <param name="Schedule">The schedule as the worker gets it.</param>
/// <param name="SamplerChoice">The sampler as the worker gets it.</param>
/// <param name="Source">The picture to start from; null: noise alone.</param>
/// <param name="ImagePrompt">A picture as prompt, or null.</param>
/// <param name="Outside">Conditioning made elsewhere, or null.</param>
/// <param name="Previews">How previews are made; null: none are.</param>
internal sealed record ValidRequest(
    string RequestId,
    ModelFacts Model,
    string Prompt,
    string NegativePrompt,
    TextOptions TextOptions,
    int Width,
    int Height,
    int Count,
    int? Candidates,
    ulong Seed,
    Guidance Guidance,
    ISampler Sampler,
    Schedule Schedule,
    Sampler SamplerChoice,
    RequestedSource? Source,
    ImagePrompt? ImagePrompt,
    OutsideConditioning? Outside,
    PreviewOptions? Previews,
    ImageOptions ImageOptions,
    bool OmitMetadata,
    bool Detach,
    int Priority)
{
    /// <summary>Pictures to make.</summary>
    public int Images => Candidates ?? Count;

    /// <summary>Whether the unguided row is computed: not for models that take the scale as an input, nor for unconditional ones.</summary>
    public bool IsGuided => Guidance.Scale > 1 && Model.Unet is { GuidanceEmbeddingWidth: 0, ContextWidth: > 0 };
}

/// <param name="Input">The picture, its mask, and how it is brought to size.</param>
/// <param name="Strength">How much is changed, above 0 to 1.</param>
/// <param name="Composite">Its own pixels stay where the mask is black.</param>
internal sealed record RequestedSource(PictureInput Input, double Strength, bool Composite)
{
    /// <summary>Whether a part of the picture is kept.</summary>
    public bool HasMask => HasMaskIn(Input);

    /// <summary>Whether a part of a picture is kept: there is a mask, or new margins.</summary>
    public static bool HasMaskIn(PictureInput input) => input.Mask.Length > 0 || input.Margins is { } m && (m.Left | m.Top | m.Right | m.Bottom) != 0;
}
