using System.Runtime.InteropServices;
using System.Text.Json;

namespace Diffusion.Mesh.Testing;

/// <summary>
/// The model of Stable Diffusion 1.5's size in a cache folder outside the repository, with weights of our own beside its graphs. Each file is written once
/// and appears whole or not at all.
/// </summary>
internal static class RealSizeModel
{
    private const string Weights = "model.onnx_data";
    private const double Deviation = 0.02;
    private const int BlockFloats = 1 << 20;

    private static string Source => Path.Combine(TestFolders.Shared, "models", "sd15-size");

    private static string Cache => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "diffusion-mesh",
        "sd15-size");

    /// <summary>The model's folder, with the weights of <paramref name="parts"/>.</summary>
    public static string With(params string[] parts)
    {
        foreach (var file in Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories))
            Copy(file, Path.GetRelativePath(Source, file));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(TestFolders.Shared, "goldens", "clip-tokenizer")))
            Copy(file, Path.Combine("tokenizer", Path.GetFileName(file)));
        using var sizes = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Source, "weights.json")));
        foreach (var part in parts)
            WriteWeights(Path.Combine(part, Weights), sizes.RootElement.GetProperty(part).GetProperty("bytes").GetInt64());
        return Cache;
    }

    private static void Copy(string from, string path) => Once(path, new FileInfo(from).Length, target => File.WriteAllBytes(target, File.ReadAllBytes(from)));

    // Normal numbers; a seed of its own for each block, so that blocks can be made side by side.
    private static void WriteWeights(string path, long bytes) => Once(path, bytes, target =>
    {
        using var file = File.OpenHandle(target, FileMode.Create, FileAccess.Write, preallocationSize: bytes);
        var floats = bytes / sizeof(float);
        Parallel.For(0, (floats + BlockFloats - 1) / BlockFloats, block =>
        {
            var first = block * BlockFloats;
            var values = new float[Math.Min(BlockFloats, floats - first)];
            Draw(new Random((int)block), values);
            RandomAccess.Write(file, MemoryMarshal.AsBytes(values.AsSpan()), first * sizeof(float));
        });
    });

    // Box and Muller 1958.
    private static void Draw(Random random, Span<float> values)
    {
        for (var i = 0; i < values.Length; i += 2)
        {
            var radius = Deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(radius * cosine);
            if (i + 1 < values.Length)
                values[i + 1] = (float)(radius * sine);
        }
    }

    private static void Once(string path, long bytes, Action<string> write)
    {
        var target = new FileInfo(Path.Combine(Cache, path));
        if (target.Exists && target.Length == bytes)
            return;
        target.Directory!.Create();
        var temporary = $"{target.FullName}.{Guid.NewGuid():N}.tmp";
        try
        {
            write(temporary);
            File.Move(temporary, target.FullName, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
