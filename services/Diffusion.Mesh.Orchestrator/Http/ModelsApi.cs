using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The models that the caller may use, with all that somebody needs who is to choose.</summary>
internal sealed class ModelsApi(Generations generations, ServiceOptions options)
{
    public Task ListAsync(ApiCall call) => ApiJson.WriteAsync(call, new
    {
        Models = generations.Models(call.Caller).Select(Of),
        options.MaxSide,
        options.MaxPixels,
        MaxCount = RequestRanges.MaxCount,
        MaxSteps = RequestRanges.MaxSteps,
        MaxGuidanceScale = RequestRanges.MaxGuidance,
        call.Caller.IsOperator,
    });

    private static object Of(ModelFacts model)
    {
        var takesMask = model.Unet.InChannels == 2 * model.LatentChannels + 1;
        return new
        {
            Info = ModelMessages.Of(model),
            model.Defaults.Steps,
            model.Defaults.GuidanceScale,
            Samplers = SamplersFor(model),
            Text = model.TextTowers.Count > 0,
            ImageToImage = model.HasVaeEncoder && !takesMask,
            Inpainting = model.HasVaeEncoder,
        };
    }

    private static IEnumerable<string> SamplersFor(ModelFacts model) =>
        Samplers.Names.Where(name => Samplers.Check(model.Scheduler, new SamplingChoice { Steps = model.Defaults.Steps, Sampler = name }).Count == 0);
}
