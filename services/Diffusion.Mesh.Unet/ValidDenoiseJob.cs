using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Unet;

/// <summary>A job that was checked against the model: nothing deeper checks again.</summary>
/// <param name="Priority">Of jobs with one deadline, higher runs first.</param>
/// <param name="Model">The model's facts.</param>
/// <param name="Unet">Its UNet.</param>
/// <param name="Sampler">The sampler with its schedule.</param>
/// <param name="LatentShape">Pictures, channels, height and width.</param>
/// <param name="Positive">For each picture, the UNet's inputs of the guided row.</param>
/// <param name="Negative">The same for the unguided row; null when guidance is off.</param>
/// <param name="Guidance">How strongly the guided row is followed, and when.</param>
/// <param name="State">Where the run stands, at first.</param>
/// <param name="Noise">The job's random numbers.</param>
/// <param name="Known">What is put back after each step; null where nothing is.</param>
/// <param name="ExtraChannels">What each row of the UNet's input has after the latents; mostly empty.</param>
/// <param name="Seed">The seed of the random numbers.</param>
/// <param name="StateEvery">Model evaluations between two states sent back; 0: none are.</param>
/// <param name="PreviewEvery">The same for previews.</param>
/// <param name="Warnings">What the caller should know.</param>
internal sealed record ValidDenoiseJob(
    string Id,
    ulong Epoch,
    DateTimeOffset? Deadline,
    int Priority,
    ModelFacts Model,
    UnetModel Unet,
    ISampler Sampler,
    IReadOnlyList<int> LatentShape,
    IReadOnlyList<IReadOnlyDictionary<string, TensorData>> Positive,
    IReadOnlyList<IReadOnlyDictionary<string, TensorData>>? Negative,
    ValidGuidance Guidance,
    SamplerState State,
    NoiseStream Noise,
    KnownLatents? Known,
    float[] ExtraChannels,
    ulong Seed,
    uint StateEvery,
    uint PreviewEvery,
    IReadOnlyList<string> Warnings)
{
    public int Images => LatentShape[0];

    /// <summary>Model evaluations of the whole run: fewer than the schedule's where it starts from a picture.</summary>
    public int Evaluations => Sampler.Evaluations.Count - State.Start;

    /// <summary>Those that are done.</summary>
    public int Done => State.Position - State.Start;

    /// <summary>Whether the next evaluation has an unguided row.</summary>
    public bool IsGuided => Negative is not null && Guidance.IsOn(Done, Evaluations);
}
