namespace Diffusion.Mesh.Import.Onnx;

/// <summary>
/// Files that a graph's weights lie in, brought into its folder without a second copy: ONNX Runtime follows no path that leads out of it.
/// </summary>
/// <param name="folder">The graph's folder.</param>
internal sealed class LinkedFiles(string folder)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The name under which the folder has the file.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <exception cref="IOException">The file system knows no such link.</exception>
    public string NameOf(string path)
    {
        if (_names.TryGetValue(path, out var known))
            return known;
        // Two shards in two folders may have one name.
        var name = _names.Count == 0 ? "model.safetensors" : $"model-{_names.Count}.safetensors";
        HardLink.Create(path, Path.Combine(folder, name));
        return _names[path] = name;
    }
}
