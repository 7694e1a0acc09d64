using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Layouts;

/// <summary>One weight of an architecture.</summary>
/// <param name="Name">Its canonical name: diffusers' or transformers'.</param>
/// <param name="Shape">The shape that it must have.</param>
/// <param name="Spellings">The names that files give it, in either layout.</param>
internal sealed record Weight(string Name, TensorShape Shape, params IReadOnlyList<Spelling> Spellings);

/// <summary>Collects an architecture's weights, layer by layer, under both spellings.</summary>
internal sealed class WeightTable
{
    private readonly List<Weight> _weights = [];

    public IReadOnlyList<Weight> Weights => _weights;

    public void Add(string name, string original, params ReadOnlySpan<long> shape) =>
        _weights.Add(new Weight(name, new TensorShape(shape), name == original ? [new(name)] : [new(name), new(original)]));

    public void Add(Weight weight) => _weights.Add(weight);

    /// <summary>A linear layer: weight [out, in] and, if it has one, bias [out].</summary>
    public void Linear(string name, string original, long input, long output, bool bias = true)
    {
        Add($"{name}.weight", $"{original}.weight", output, input);
        if (bias)
            Add($"{name}.bias", $"{original}.bias", output);
    }

    /// <summary>A convolution: weight [out, in, kernel, kernel] and bias [out].</summary>
    public void Convolution(string name, string original, long input, long output, int kernel = 3)
    {
        Add($"{name}.weight", $"{original}.weight", output, input, kernel, kernel);
        Add($"{name}.bias", $"{original}.bias", output);
    }

    /// <summary>The scale and shift of a group or layer norm, each [width].</summary>
    public void Norm(string name, string original, long width)
    {
        Add($"{name}.weight", $"{original}.weight", width);
        Add($"{name}.bias", $"{original}.bias", width);
    }
}
