using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Unet;

/// <summary>A job that was checked against the model: nothing deeper checks again.</summary>
/// <param name="Model">The model's facts.</param>
/// <param name="Unet">Its UNet.</param>
/// <param name="Sampler">The sampler with its schedule.</param>
/// <param name="LatentShape">Pictures, channels, height and width.</param>
/// <param name="Positive">For each picture, the UNet's inputs of the guided row.</param>
/// <param name="Negative">The same for the unguided row; null when guidance is off.</param>
/// <param name="GuidanceScale">How strongly the guided row is followed.</param>
/// <param name="State">Where the run stands, at first.</param>
/// <param name="Noise">The job's random numbers.</param>
/// <param name="Seed">Their seed.</param>
/// <param name="StateEvery">Model evaluations between two states sent back; 0: none are.</param>
/// <param name="Warnings">What the caller should know.</param>
internal sealed record ValidDenoiseJob(
    string Id,
    ulong Epoch,
    DateTimeOffset? Deadline,
    ModelFacts Model,
    UnetModel Unet,
    ISampler Sampler,
    IReadOnlyList<int> LatentShape,
    IReadOnlyList<IReadOnlyDictionary<string, TensorData>> Positive,
    IReadOnlyList<IReadOnlyDictionary<string, TensorData>>? Negative,
    double GuidanceScale,
    SamplerState State,
    NoiseStream Noise,
    ulong Seed,
    uint StateEvery,
    IReadOnlyList<string> Warnings)
{
    public int Images => LatentShape[0];
}
