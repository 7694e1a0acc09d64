using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Unet;

/// <summary>The shape of a picture of a model's default size, with as many tokens as a prompt has.</summary>
internal static class DefaultShape
{
    private const int Sizes = 6;

    /// <returns>Null where neither the graph nor the configuration knows a length: the first run is left to the first job.</returns>
    public static UnetShape? Of(ModelFacts model, UnetModel unet)
    {
        var conditioning = unet.ConditioningInputs.ToDictionary(input => input.Key, input => RowShape(input.Key, input.Value, model));
        return conditioning.Values.Any(shape => shape.Contains(0))
            ? null
            : new UnetShape(Side(model, unet, 2), Side(model, unet, 3), conditioning);
    }

    // A file may take one size only.
    private static int Side(ModelFacts model, UnetModel unet, int dimension) =>
        unet.SampleInput.Dimensions[dimension] is > 0 and var only ? only : model.Unet.SampleSize;

    private static IReadOnlyList<int> RowShape(string name, PortFacts port, ModelFacts model)
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
