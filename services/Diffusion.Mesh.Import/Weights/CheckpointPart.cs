namespace Diffusion.Mesh.Import.Weights;

/// <summary>
/// The tensors of one part of a model, under their diffusers names ("canonical" ones), whatever layout they came from.
/// Each is to be taken once.
/// </summary>
/// <param name="name">The part's folder in a diffusers model: <c>unet</c>, <c>vae</c>, <c>text_encoder</c>, <c>text_encoder_2</c>.</param>
/// <param name="tensors">By canonical name.</param>
internal sealed class CheckpointPart(string name, IReadOnlyDictionary<string, StoredTensor> tensors)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; } = tensors;

    public bool Has(string tensor) => Tensors.ContainsKey(tensor);

    /// <summary>A tensor's shape, to derive an architecture from; the tensor counts as unused.</summary>
    /// <exception cref="ImportException">There is none of this name.</exception>
    public TensorShape ShapeOf(string tensor) => Find(tensor).Shape;

    /// <summary>The tensor of this name, for its one use.</summary>
    /// <exception cref="ImportException">There is none, or it has another shape.</exception>
    /// <exception cref="InvalidOperationException">It was taken before.</exception>
    public StoredTensor Take(string tensor, params ReadOnlySpan<long> shape)
    {
        var found = Take(tensor);
        var wanted = new TensorShape(shape);
        return found.Shape.Equals(wanted)
            ? found
            : throw new ImportException($"The tensor '{found.Name}' has the shape {found.Shape} where {wanted} is needed.");
    }

    /// <inheritdoc cref="Take(string, ReadOnlySpan{long})"/>
    public StoredTensor Take(string tensor)
    {
        var found = Find(tensor);
        return _taken.Add(tensor) ? found : throw new InvalidOperationException($"The tensor '{tensor}' of {Name} is used twice.");
    }

    /// <summary>To be called when everything is built.</summary>
    /// <exception cref="ImportException">A tensor was not taken.</exception>
    public void RequireAllTaken()
    {
        var left = Tensors.Keys.Where(t => !_taken.Contains(t)).Order(StringComparer.Ordinal).ToList();
        if (left.Count > 0)
            throw new ImportException($"{left.Count} tensors of {Name} have no place in its architecture: {Listing.Of(left)}.");
    }

    private StoredTensor Find(string tensor) =>
        Tensors.TryGetValue(tensor, out var found) ? found : throw new ImportException($"The tensor '{tensor}' of {Name} is missing.");
}
