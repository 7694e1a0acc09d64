using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Safetensors;

/// <summary>The tensors of one file, or of the shards that an index file names; open until disposed.</summary>
internal sealed class TensorFiles : IDisposable
{
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private TensorFiles()
    {
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <param name="path">A <c>.safetensors</c> file, or the <c>.safetensors.index.json</c> of shards.</param>
    /// <exception cref="ImportException">A file is missing or broken.</exception>
    public static TensorFiles Open(string path)
    {
        var files = new TensorFiles();
        try
        {
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                files.AddShards(ShardIndex.Read(path));
            else
                files.Add(path);
            files.ApplyScales();
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public void Dispose() => _files.ForEach(f => f.Dispose());

    private SafetensorsFile Add(string path)
    {
        var file = SafetensorsFile.Open(path);
        _files.Add(file);
        foreach (var (name, tensor) in file.Tensors)
        {
            if (!_tensors.TryAdd(name, tensor))
                throw new ImportException($"'{path}' has the tensor '{name}', which another shard has as well.");
        }

        foreach (var (key, value) in file.Metadata)
            _metadata.TryAdd(key, value);
        return file;
    }

    private void AddShards(ShardIndex index)
    {
        foreach (var shard in index.Shards)
        {
            var file = Add(shard.Path);
            if (shard.Tensors.FirstOrDefault(t => !file.Tensors.ContainsKey(t)) is { } missing)
                throw new ImportException($"'{shard.Path}' lacks the tensor '{missing}', which its index promises.");
            if (file.Tensors.Keys.FirstOrDefault(t => !shard.Tensors.Contains(t)) is { } extra)
                throw new ImportException($"'{shard.Path}' has the tensor '{extra}', of which its index says nothing.");
        }
    }

    /// <summary>Weights of float8 may come with a factor, in a tensor of its own.</summary>
    private void ApplyScales()
    {
        foreach (var name in _tensors.Keys.ToList())
        {
            var weight = name.EndsWith(".weight_scale", StringComparison.Ordinal) ? name[..^"_scale".Length]
                : name.EndsWith(".scale_weight", StringComparison.Ordinal) ? name[..^"scale_weight".Length] + "weight"
                : null;
            if (weight is null || !_tensors.TryGetValue(weight, out var tensor))
                continue;
            var scale = _tensors[name];
            if (!tensor.Type.IsFloat() || !scale.Type.IsFloat() || tensor.Shape.Rank == 0 || (scale.Count != 1 && scale.Count != tensor.Shape[0]))
                throw new ImportException($"The tensor '{name}' is no scale for '{weight}': one number, or one for each row, is needed.");
            _tensors[weight] = new ScaledTensor(tensor, scale.ReadAll());
            _tensors.Remove(name);
        }
    }
}
