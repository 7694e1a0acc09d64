using System.Runtime.InteropServices;
using System.Text.Json;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.TextEncoder.Tests;

/// <summary>The reference's files: those of the project, else those of the folder <c>MESH_SHARED</c>.</summary>
internal static class GoldenFolder
{
    /// <summary>Folders of pipeline models, each with a folder <c>model</c>.</summary>
    public static IReadOnlyList<string> Pipelines => [.. Directory.GetDirectories(Part("pipelines")).Order(StringComparer.Ordinal)];

    public static string Pipeline(string family) => Path.Combine(Part("pipelines"), family, "model");

    public static byte[] Shapes(string file) => File.ReadAllBytes(Path.Combine(Part("shapes"), file));

    /// <summary>The parts of the default model, run one by one.</summary>
    public static JsonElement Parts()
    {
        using var document = JsonDocument.Parse(Shapes("parts.json"));
        return document.RootElement.Clone();
    }

    /// <summary>A tensor, <c>{ shape, f32: base64 }</c>.</summary>
    public static float[] Floats(JsonElement tensor) => MemoryMarshal.Cast<byte, float>(tensor.GetProperty("f32").GetBytesFromBase64()).ToArray();

    private static string Part(string name)
    {
        var copied = Path.Combine(AppContext.BaseDirectory, "goldens", name);
        var named = Environment.GetEnvironmentVariable(TestFolders.GoldensVariable) is { Length: > 0 };
        if (named || Directory.Exists(copied))
            return Path.Combine(TestFolders.Goldens, name);
        return Path.Combine(TestFolders.Shared, "goldens", name);
    }
}
