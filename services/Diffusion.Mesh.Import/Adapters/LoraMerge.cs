using System.Globalization;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Adapters;

/// <summary>Merges LoRAs into a model: every weight gets the sum of what all of them add.</summary>
internal sealed class LoraMerge : IDisposable
{
    private readonly List<LoraFile> _files = [];

    /// <returns>The model with changed weights, which are read while this is not disposed.</returns>
    /// <exception cref="ImportException">A file is broken, or does not fit the model.</exception>
    public RecognizedModel Apply(RecognizedModel model, IReadOnlyList<(string Path, double Weight)> loras, bool allowUnmatched)
    {
        if (loras.Count == 0)
            return model;
        var names = new ModuleNames(model);
        var parts = model.Parts.ToDictionary(p => p.Name);
        var changes = new Dictionary<(string Part, string Tensor), List<Func<IWeightDelta>>>();
        var evidence = new List<string>();
        foreach (var (path, weight) in loras)
        {
            var file = new LoraFile(path, weight);
            _files.Add(file);
            var (modules, unmatched) = file.Collect(names, ShapeOf, changes, allowUnmatched);
            evidence.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"LoRA '{Path.GetFileName(path)}' at {weight}: {modules} modules{(unmatched > 0 ? $", {unmatched} keys left out" : "")}"));
        }

        return model.With(evidence, part => new CheckpointPart(part.Name, part.Tensors.ToDictionary(
            t => t.Key,
            t => changes.TryGetValue((part.Name, t.Key), out var deltas) ? new MergedTensor(t.Value, deltas) : t.Value)));

        TensorShape? ShapeOf(string part, string tensor) => parts[part].Tensors.TryGetValue(tensor, out var found) ? found.Shape : null;
    }

    public void Dispose() => _files.ForEach(f => f.Dispose());
}
