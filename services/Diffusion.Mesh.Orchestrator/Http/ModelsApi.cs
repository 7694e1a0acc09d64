using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The models that the caller may use, with all that somebody needs who is to choose.</summary>
internal sealed class ModelsApi(Generations generations, ServiceOptions options)
{
    public Task ListAsync(ApiCall call) => ApiJson.WriteAsync(call, new ModelsAnswer(
        [.. generations.Models(call.Caller).Select(Of)],
        options.MaxSide,
        options.MaxPixels,
        RequestRanges.MaxCount,
        RequestRanges.MaxSteps,
        RequestRanges.MaxGuidance,
        call.Caller.IsOperator));

    private static ModelChoice Of(ModelFacts model)
    {
        var takesMask = model.Unet.InChannels == 2 * model.LatentChannels + 1;
        return new ModelChoice(
            ModelMessages.Of(model),
            model.Defaults.Steps,
            model.Defaults.GuidanceScale,
            [.. SamplersFor(model)],
            model.TextTowers.Count > 0,
            model.HasVaeEncoder && !takesMask,
            model.HasVaeEncoder);
    }

    private static IEnumerable<string> SamplersFor(ModelFacts model) =>
        Samplers.Names.Where(name => Samplers.Check(model.Scheduler, new SamplingChoice { Steps = model.Defaults.Steps, Sampler = name }).Count == 0);
}

/// <summary>The models, and the limits of this server.</summary>
/// <param name="MaxSide">Pixels of either side.</param>
/// <param name="MaxPixels">Pixels in all.</param>
internal sealed record ModelsAnswer(
    IReadOnlyList<ModelChoice> Models, int MaxSide, long MaxPixels, int MaxCount, int MaxSteps, double MaxGuidanceScale, bool IsOperator);

/// <summary>A model, and what can be asked of it.</summary>
/// <param name="Steps">Where a request does not say.</param>
/// <param name="GuidanceScale">Likewise.</param>
/// <param name="Samplers">Short names of those that fit.</param>
/// <param name="Text">It reads prompts.</param>
internal sealed record ModelChoice(
    ModelInfo Info, int Steps, double GuidanceScale, IReadOnlyList<string> Samplers, bool Text, bool ImageToImage, bool Inpainting);
