using Diffusion.Mesh.Import.Safetensors;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Adapters;

/// <summary>A LoRA file, open until disposed: its factors are read when the weights that they change are.</summary>
/// <param name="path">The file.</param>
/// <param name="strength">The user's factor.</param>
internal sealed class LoraFile(string path, double strength) : IDisposable
{
    private readonly TensorFiles _files = TensorFiles.Open(path);

    public void Dispose() => _files.Dispose();

    /// <summary>Adds the file's changes to those that are collected, by part and tensor.</summary>
    /// <param name="shapeOf">The shape of a tensor of the model; null where it has none of this name.</param>
    /// <param name="allowUnmatched">Leave out what fits nothing.</param>
    /// <returns>How many modules matched, and how many keys did not.</returns>
    /// <exception cref="ImportException">The file is broken, fits nothing, or has keys that fit nothing.</exception>
    public (int Modules, int Unmatched) Collect(
        ModuleNames names,
        Func<string, string, TensorShape?> shapeOf,
        Dictionary<(string Part, string Tensor), List<Func<IWeightDelta>>> changes,
        bool allowUnmatched)
    {
        var scales = PeftScales.Read(path, _files.Metadata);
        var modules = new Dictionary<ModuleName, AdapterModule>();
        var unmatched = new List<string>();
        foreach (var (name, tensor) in _files.Tensors)
        {
            if (AdapterKey.Parse(name) is not { } key || names.Find(key.Module) is not { } module
                || (key.Role == AdapterRole.BiasDifference && shapeOf(module.Part, $"{module.Module}.bias") is null))
            {
                unmatched.Add(name);
                continue;
            }

            if (!modules.TryGetValue(module, out var found))
                modules.Add(module, found = new AdapterModule(key.Module, scales));
            found.Add(key.Role, tensor);
        }

        if (modules.Count == 0)
            throw new ImportException($"'{path}' fits nothing in the model: none of its {unmatched.Count} keys is known.");
        if (unmatched.Count > 0 && !allowUnmatched)
            throw new ImportException($"'{path}' has {unmatched.Count} keys that fit nothing in the model: {Listing.Of(unmatched)}; --allow-unmatched leaves them out.");

        foreach (var (module, adapter) in modules)
        {
            Add(module.Part, $"{module.Module}.weight", adapter.WeightDelta);
            Add(module.Part, $"{module.Module}.bias", adapter.BiasDelta);
        }

        return (modules.Count, unmatched.Count);

        void Add(string part, string tensor, Func<TensorShape, double, Func<IWeightDelta>?> delta)
        {
            if (shapeOf(part, tensor) is not { } shape || delta(shape, strength) is not { } change)
                return;
            if (!changes.TryGetValue((part, tensor), out var list))
                changes.Add((part, tensor), list = []);
            list.Add(change);
        }
    }
}
