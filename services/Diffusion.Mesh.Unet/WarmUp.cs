using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Unet;

/// <summary>The first run of a UNet, in which ONNX Runtime allocates and picks kernels, on zeros.</summary>
internal static class WarmUp
{
    private const int Sizes = 6;

    /// <summary>Runs a guided picture of the default size with as many tokens as a prompt has.</summary>
    public static void Run(ModelFacts model, UnetModel unet)
    {
        var facts = model.Unet;
        var rows = unet.TakesSingleRows ? 1 : 2;
        int[] latents = [facts.InChannels, Side(model, unet, 2), Side(model, unet, 3)];
        var conditioning = new Dictionary<string, TensorData>();
        foreach (var (name, port) in unet.ConditioningInputs)
        {
            var shape = Shape(name, port, model);
            // A length that neither the graph nor the configuration knows leaves the first run to the first job.
            if (shape.Contains(0))
                return;
            conditioning[name] = TensorData.From(new float[shape.Aggregate(1, (product, length) => product * length)], shape, port.Type);
        }

        var batch = new UnetBatch(
            new float[rows * latents.Aggregate(1, (product, length) => product * length)],
            latents,
            new float[rows],
            [.. Enumerable.Repeat(conditioning, rows)]);
        unet.Run(batch, new float[rows * facts.OutChannels * latents[1] * latents[2]]);
    }

    // A file may take one size only.
    private static int Side(ModelFacts model, UnetModel unet, int dimension) =>
        unet.SampleInput.Dimensions[dimension] is > 0 and var only ? only : model.Unet.SampleSize;

    private static int[] Shape(string name, PortFacts port, ModelFacts model)
    {
        int[] usual = name switch
        {
            "encoder_hidden_states" => [1, Math.Max(model.TextWindow, 1)],
            "time_ids" => [1, Sizes],
            _ => [1],
        };
        return [.. port.Dimensions.Select((length, i) => i == 0 ? 1 : length > 0 ? length : usual.ElementAtOrDefault(i))];
    }
}
