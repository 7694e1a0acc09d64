using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Layouts;

/// <summary>Finds each weight of an architecture among a part's tensors, and tells every one that has no place.</summary>
internal static class WeightMatcher
{
    /// <param name="weights">The architecture's.</param>
    /// <param name="found">What the file has.</param>
    /// <param name="left">Gets the stored names that no weight came from, without the part's prefix.</param>
    /// <exception cref="ImportException">Weights are missing, or have another shape.</exception>
    public static CheckpointPart Match(IReadOnlyList<Weight> weights, PartTensors found, out IReadOnlyList<string> left)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, StoredTensor>(weights.Count, StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var weight in weights)
        {
            if (weight.Spellings.FirstOrDefault(s => found.Tensors.ContainsKey(s.Stored)) is not { } spelling)
            {
                missing.Add(weight.Name);
                continue;
            }

            used.Add(spelling.Stored);
            tensors.Add(weight.Name, Derive(found.Tensors[spelling.Stored], spelling.Derivation, weight));
        }

        if (missing.Count > 0)
            throw new ImportException($"{missing.Count} tensors of {found.Part} are missing: {Listing.Of(missing)}.");
        left = [.. found.Tensors.Keys.Where(n => !used.Contains(n)).Order(StringComparer.Ordinal)];
        return new CheckpointPart(found.Part, tensors);
    }

    private static StoredTensor Derive(StoredTensor tensor, Derivation derivation, Weight weight)
    {
        if (!tensor.Type.IsFloat())
            throw new ImportException($"The tensor '{tensor.Name}' is stored as {tensor.Type}; only floating-point weights are supported.");
        if (derivation == Derivation.Transposed)
        {
            Require(tensor.Shape.Equals(new TensorShape(weight.Shape[1], weight.Shape[0])));
            return new TransposedTensor(tensor);
        }

        if (derivation == Derivation.Whole)
        {
            if (tensor.Shape.Equals(weight.Shape))
                return tensor;
            Require(Core(tensor.Shape).SequenceEqual(Core(weight.Shape)));
            return new TensorSlice(tensor, 0, weight.Shape);
        }

        var third = derivation - Derivation.Query;
        Require(tensor.Shape.Equals(new TensorShape([3 * weight.Shape[0], .. weight.Shape.Dimensions[1..]])));
        return new TensorSlice(tensor, third * weight.Shape.Count, weight.Shape);

        void Require(bool fits)
        {
            if (!fits)
                throw new ImportException($"The tensor '{tensor.Name}' has the shape {tensor.Shape}, which does not fit the {weight.Shape} of '{weight.Name}'.");
        }
    }

    /// <summary>Linear layers are also stored as 1x1 convolutions: dimensions of 1 at the end tell nothing.</summary>
    private static IEnumerable<long> Core(TensorShape shape) => shape.Dimensions.Reverse().SkipWhile(d => d == 1).Reverse();
}
