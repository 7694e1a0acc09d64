using System.Text.Json;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Tests;

/// <summary>The default model's reference results.</summary>
internal static class GoldenFolder
{
    private static string Folder => Path.Combine(TestFolders.Goldens, "shapes");

    /// <summary>The file of this name, without its extension.</summary>
    public static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        return document.RootElement.Clone();
    }

    /// <summary>The bytes of a file that stands beside the records.</summary>
    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    /// <summary>Names of the records.</summary>
    public static IEnumerable<string> Names() => Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order();
}
