using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>All that the worker told of a job.</summary>
internal sealed class DenoiseReport(IReadOnlyList<DenoiseResponse> messages)
{
    public IReadOnlyList<DenoiseResponse> Messages => messages;

    public DenoiseAccepted Accepted => messages[0].Accepted;

    public IReadOnlyList<Evaluation> Evaluations { get; } = [.. messages.SelectMany(message => message.Progress?.Evaluations ?? [])];

    public IReadOnlyList<DenoisePreview> Previews { get; } = [.. messages.Where(m => m.Preview is not null).Select(m => m.Preview)];

    public SamplerState HandedBack => messages[^1].HandedBack.State;

    public IEnumerable<long> Shape => messages[^1].Denoised.Latents.Shape;

    public float[] Latents { get; } = messages[^1].Denoised is { } denoised ? TensorMessages.Read(denoised.Latents, out _)!.ToFloats() : [];
}
