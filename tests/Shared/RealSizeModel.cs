using System.Runtime.InteropServices;
using System.Text.Json;

namespace Diffusion.Mesh.Testing;

/// <summary>
/// The model of Stable Diffusion 1.5's size in a cache folder outside the repository, with weights of our own beside its graphs.
/// </summary>
internal static class RealSizeModel
{
    private const string Name = "sd15-size";
    private const string Weights = "model.onnx_data";

    private static string Source => Path.Combine(TestFolders.Shared, "models", Name);

    /// <summary>The model's folder, with the weights of <paramref name="parts"/>.</summary>
    public static string With(params string[] parts)
    {
        foreach (var file in Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories))
            Copy(file, Path.GetRelativePath(Source, file));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(TestFolders.Shared, "goldens", "clip-tokenizer")))
            Copy(file, Path.Combine("tokenizer", Path.GetFileName(file)));
        using var sizes = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Source, "weights.json")));
        foreach (var part in parts)
            WriteWeights(Path.Combine(Name, part, Weights), sizes.RootElement.GetProperty(part).GetProperty("bytes").GetInt64());
        return TestCache.Folder(Name);
    }

    private static void Copy(string from, string path) =>
        TestCache.Once(Path.Combine(Name, path), new FileInfo(from).Length, target => File.WriteAllBytes(target, File.ReadAllBytes(from)));

    private static void WriteWeights(string path, long bytes) => TestCache.Once(path, bytes, target =>
    {
        using var file = File.OpenHandle(target, FileMode.Create, FileAccess.Write, preallocationSize: bytes);
        var floats = bytes / sizeof(float);
        Parallel.For(0, (floats + DrawnWeights.Block - 1) / DrawnWeights.Block, block =>
        {
            var first = block * DrawnWeights.Block;
            var values = new float[Math.Min(DrawnWeights.Block, floats - first)];
            DrawnWeights.Draw(new Random((int)block), values);
            RandomAccess.Write(file, MemoryMarshal.AsBytes(values.AsSpan()), first * sizeof(float));
        });
    });
}
