using System.Text.Json;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Tests;

/// <summary>A folder of reference results.</summary>
internal sealed class GoldenFolder
{
    private readonly string _path;

    private GoldenFolder(string root, params string[] path) => _path = Path.GetFullPath(Path.Combine([root, .. path]));

    /// <summary>The default model's.</summary>
    public static GoldenFolder Shapes { get; } = new(TestFolders.Goldens, "shapes");

    /// <summary>The model that a family's records were made with.</summary>
    public string Model => Path.Combine(_path, "model");

    /// <summary>A checkpoint's diffusers folder.</summary>
    public string CheckpointFolder => Path.Combine(_path, "folder");

    /// <summary>A checkpoint in each layout in which it is there, with the layout's name.</summary>
    public IEnumerable<(string Layout, string Path)> Checkpoints =>
        new[] { ("folder", CheckpointFolder), ("single", Path.Combine(_path, "single.safetensors")) }.Where(layout => Path.Exists(layout.Item2));

    /// <summary>Names of the families, each with a model of its own.</summary>
    public static IEnumerable<string> Families() =>
        Directory.EnumerateDirectories(new GoldenFolder(TestFolders.Goldens, "pipelines")._path).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    /// <summary>A family's.</summary>
    public static GoldenFolder Family(string name) => new(TestFolders.Goldens, "pipelines", name);

    /// <summary>Names of the checkpoints, which the repository has no copy of.</summary>
    public static IEnumerable<string> CheckpointFamilies() => Directory.EnumerateDirectories(Checkpoint("")._path)
        .Where(folder => Directory.EnumerateFiles(folder, "*.json").Any() && Path.GetFileName(folder) != "headers")
        .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    /// <summary>A checkpoint's.</summary>
    public static GoldenFolder Checkpoint(string name) => new(TestFolders.LargeGoldens!, "checkpoints", name);

    /// <summary>The file of this name, without its extension.</summary>
    public JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(Bytes(name + ".json"));
        return document.RootElement.Clone();
    }

    /// <summary>The bytes of a file that stands beside the records.</summary>
    public byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(_path, file));

    /// <summary>Names of the records of a pipeline's calls.</summary>
    public IEnumerable<string> Calls() =>
        Directory.EnumerateFiles(_path, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)
            .Where(name => Read(name).TryGetProperty("call", out _));
}
