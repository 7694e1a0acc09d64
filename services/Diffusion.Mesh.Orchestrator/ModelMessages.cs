using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Models as messages.</summary>
internal static class ModelMessages
{
    public static ModelInfo Of(ModelFacts model) => new()
    {
        Name = model.Name,
        Revision = model.Revision,
        LatentChannels = (uint)model.LatentChannels,
        Scale = (uint)model.Scale,
        SizeMultiple = (uint)model.SizeMultiple,
        Width = (uint)model.DefaultSize,
        Height = (uint)model.DefaultSize,
        TextWindow = (uint)model.TextWindow,
        Sampler = SamplerName(model),
        // diffusers' default where the file does not say.
        TrainTimesteps = (uint)(model.Scheduler.NumTrainTimesteps ?? 1000),
        ImageEncoder = model.HasImageEncoder,
    };

    // A model whose own sampler is none of ours can still be used with another one.
    private static string SamplerName(ModelFacts model)
    {
        var choice = new SamplingChoice { Steps = model.Defaults.Steps };
        return Samplers.Check(model.Scheduler, choice).Count == 0 ? Samplers.Create(model.Scheduler, choice).Name : model.Scheduler.ClassName;
    }
}
