using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>Keeps account of a checkpoint's tensors: each is a weight or a known leftover.</summary>
internal sealed class Accounting(Checkpoint checkpoint)
{
    private readonly List<string> _unknown = [];
    private readonly HashSet<string> _parts = new(StringComparer.Ordinal);

    /// <summary>Tensors that no network uses, and that are known.</summary>
    public int Leftovers { get; private set; }

    /// <exception cref="ImportException">A weight is missing or has another shape.</exception>
    public CheckpointPart Match(string part, IReadOnlyList<Weight> weights) => Match(part, weights, _ => false);

    /// <inheritdoc cref="Match(string, IReadOnlyList{Weight})"/>
    public CheckpointPart Match(ClipStructure text, string part) => Match(part, ClipWeights.Of(text), name =>
        // A projection that the pipeline does not use, and the layers behind the last one that it does.
        (text.ProjectionWidth == 0 && name is "text_projection" or "text_projection.weight")
        || (text.OpenClip && name.StartsWith("transformer.resblocks.", StringComparison.Ordinal)
            && int.TryParse(name.Split('.')[2], out var layer) && layer >= text.Layers));

    /// <exception cref="ImportException">A tensor is neither a weight nor a known leftover.</exception>
    public void RequireNothingUnknown()
    {
        foreach (var part in checkpoint.Parts.Values.Where(p => !_parts.Contains(p.Part)))
            Account(part.Tensors.Values.Select(t => t.Name));
        Account(checkpoint.Rest.Keys);
        if (_unknown.Count > 0)
            throw new ImportException($"'{checkpoint.Path}' has {_unknown.Count} tensors that belong to no known network: {Listing.Of(_unknown)}.");
    }

    private CheckpointPart Match(string part, IReadOnlyList<Weight> weights, Predicate<string> unused)
    {
        _parts.Add(part);
        var found = checkpoint.Parts[part];
        var matched = WeightMatcher.Match(weights, found, out var left);
        Leftovers += left.Count(unused.Invoke);
        Account(left.Where(n => !unused(n)).Select(n => found.Tensors[n].Name));
        return matched;
    }

    private void Account(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (Checkpoints.Leftovers.Contains(name))
                Leftovers++;
            else
                _unknown.Add(name);
        }
    }
}
