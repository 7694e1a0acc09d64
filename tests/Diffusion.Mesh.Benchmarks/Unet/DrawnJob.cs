using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>A guided job with drawn conditioning: what it says does not matter to how long it takes.</summary>
internal static class DrawnJob
{
    public static DenoiseJob Guided(ModelFacts model, int steps, int latentHeight, int latentWidth) => new()
    {
        Model = model.Name,
        Positive = Context(model, seed: 1),
        Negative = Context(model, seed: 2),
        Guidance = new Guidance { Scale = 4 },
        Schedule = new Schedule { Steps = steps },
        // One model evaluation a step, whatever the model's own sampler does.
        Sampler = new Sampler { Name = "ddim" },
        LatentHeight = (uint)latentHeight,
        LatentWidth = (uint)latentWidth,
        Noise = new NoiseStream { Seed = 7, Images = 1 },
    };

    private static Conditioning Context(ModelFacts model, int seed)
    {
        var random = new Random(seed);
        int[] shape = [1, model.TextWindow, model.Unet.ContextWidth];
        var values = Enumerable.Range(0, shape[1] * shape[2]).Select(_ => 2 * random.NextSingle() - 1).ToArray();
        return new Conditioning { Tensors = { TensorData.From(values, shape).ToMessage("encoder_hidden_states") } };
    }
}
