using System.Text.Json;

namespace Diffusion.Mesh.Sampling.Tests;

/// <summary>Reference results: the folder named by MESH_GOLDENS, else the project's own copy.</summary>
internal static class Goldens
{
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("MESH_GOLDENS") is { Length: > 0 } folder
            ? folder
            : Path.Combine(AppContext.BaseDirectory, "goldens");

    public static JsonElement Cases(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));
        return document.RootElement.GetProperty("cases").Clone();
    }

    public static float[] Floats(this JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];
}
