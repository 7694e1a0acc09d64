using System.Collections.Frozen;

namespace Diffusion.Mesh.Models;

/// <summary>The models below one root folder, read once.</summary>
public sealed class ModelRepository
{
    private readonly FrozenDictionary<string, ModelFacts> _models;

    private ModelRepository(IEnumerable<ModelFacts> models) => _models = models.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);

    /// <summary>The models, by name.</summary>
    public IEnumerable<ModelFacts> Models => _models.Values.OrderBy(m => m.Name, StringComparer.Ordinal);

    /// <summary>Opens the models named in <paramref name="names"/>, or every model when none is named.</summary>
    /// <param name="root">A folder of model folders.</param>
    /// <param name="names">Names of folders below it.</param>
    /// <exception cref="ModelFormatException">A model has a missing or broken part.</exception>
    /// <exception cref="ModelRootException">The root or a named model is not there.</exception>
    public static ModelRepository Open(string root, IReadOnlyCollection<string> names)
    {
        if (!Directory.Exists(root))
            throw new ModelRootException($"The folder of models '{root}' does not exist.");
        // Only what the root lists is ever opened, so no name can lead out of it.
        var folders = Directory.EnumerateDirectories(root)
            .Where(f => File.Exists(Path.Combine(f, "model_index.json")))
            .ToDictionary(f => Path.GetFileName(f), StringComparer.Ordinal);
        if (folders.Count == 0)
            throw new ModelRootException($"The folder of models '{root}' has no model: a folder with a model_index.json.");
        foreach (var name in names)
        {
            if (!folders.ContainsKey(name))
                throw new ModelRootException($"There is no model '{name}' in '{root}'; there is {string.Join(", ", folders.Keys.Order())}.");
        }

        return new ModelRepository((names.Count == 0 ? folders.Keys : names).Distinct().Select(name => ModelFolder.Read(folders[name])));
    }

    /// <summary>The model of this name, or null.</summary>
    public ModelFacts? Find(string name) => _models.GetValueOrDefault(name);
}
