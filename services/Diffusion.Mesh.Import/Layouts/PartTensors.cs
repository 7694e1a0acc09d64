using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Layouts;

/// <summary>The tensors that a file or a folder has for one part, by their names there without the part's prefix.</summary>
/// <param name="part">The part's canonical name.</param>
/// <param name="tensors">By name without prefix; their own names have it.</param>
internal sealed class PartTensors(string part, IReadOnlyDictionary<string, StoredTensor> tensors)
{
    public string Part { get; } = part;

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; } = tensors;

    public NameTree Names { get; } = new(tensors.Keys);

    /// <summary>The shape of a tensor that the architecture is read from.</summary>
    /// <exception cref="ImportException">It is missing, or has too few dimensions to be what its name says.</exception>
    public TensorShape Shape(string name, int rank)
    {
        if (!Tensors.TryGetValue(name, out var tensor))
            throw new ImportException($"The tensor '{name}' of {Part} is missing.");
        return tensor.Shape.Rank >= rank && tensor.Shape.Dimensions.All(d => d is > 0 and < int.MaxValue)
            ? tensor.Shape
            : throw new ImportException($"The tensor '{tensor.Name}' has the shape {tensor.Shape}, which its name does not allow.");
    }
}
