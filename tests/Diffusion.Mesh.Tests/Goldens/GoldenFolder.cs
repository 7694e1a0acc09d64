using System.Text.Json;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Tests;

/// <summary>A folder of reference results.</summary>
internal sealed class GoldenFolder
{
    private readonly string _path;

    private GoldenFolder(params string[] path) => _path = Path.GetFullPath(Path.Combine([TestFolders.Goldens, .. path]));

    /// <summary>The default model's.</summary>
    public static GoldenFolder Shapes { get; } = new("shapes");

    /// <summary>The model that a family's records were made with.</summary>
    public string Model => Path.Combine(_path, "model");

    /// <summary>Names of the families, each with a model of its own.</summary>
    public static IEnumerable<string> Families() =>
        Directory.EnumerateDirectories(new GoldenFolder("pipelines")._path).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    /// <summary>A family's.</summary>
    public static GoldenFolder Family(string name) => new("pipelines", name);

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
