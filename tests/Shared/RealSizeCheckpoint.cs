using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;

namespace Diffusion.Mesh.Testing;

/// <summary>
/// Checkpoints of the original layout in real size, in a cache folder outside the repository: names, shapes and types of real files, drawn weights.
/// </summary>
internal static class RealSizeCheckpoint
{
    private const int Header = 8;
    private const int TrainTimesteps = 1000;

    /// <summary>The file <c>NAME.safetensors</c> after <c>goldens/checkpoints/headers/NAME.json</c>.</summary>
    public static string Of(string name)
    {
        var source = Path.Combine(TestFolders.Shared, "goldens", "checkpoints", "headers", $"{name}.json");
        using var json = JsonDocument.Parse(File.ReadAllBytes(source));
        var entries = Place(json.RootElement.GetProperty("tensors"));
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject(entries.Select(e => new KeyValuePair<string, JsonNode?>(e.Name, e.ToJson()))));
        var start = Header + header.Length;
        var bytes = start + entries[^1].End;
        return TestCache.Once(Path.Combine("checkpoints", $"{name}.safetensors"), bytes, target =>
        {
            using var file = File.OpenHandle(target, FileMode.Create, FileAccess.Write, preallocationSize: bytes);
            RandomAccess.Write(file, [.. BitConverter.GetBytes((long)header.Length), .. header], 0);
            Parallel.For(0, entries.Count, index => Write(file, entries[index], index, start));
        });
    }

    private static List<Entry> Place(JsonElement tensors)
    {
        var entries = new List<Entry>();
        foreach (var tensor in tensors.EnumerateObject())
        {
            long[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64())];
            entries.Add(new Entry(tensor.Name, tensor.Value.GetProperty("dtype").GetString()!, shape, entries.Count > 0 ? entries[^1].End : 0));
        }

        return entries;
    }

    private static void Write(SafeFileHandle file, Entry entry, int seed, long start)
    {
        if (entry.Type != "F16")
        {
            // Position ids: the only whole numbers there are.
            long[] ids = [.. Enumerable.Range(0, (int)entry.Count).Select(i => (long)i)];
            RandomAccess.Write(file, MemoryMarshal.AsBytes(ids.AsSpan()), start + entry.Begin);
            return;
        }

        var random = new Random(seed);
        for (long first = 0; first < entry.Count; first += DrawnWeights.Block)
        {
            var values = new float[Math.Min(DrawnWeights.Block, entry.Count - first)];
            if (entry.Name == "alphas_cumprod")
                Signal(values);
            else
                DrawnWeights.Draw(random, values);
            var halves = new Half[values.Length];
            TensorPrimitives.ConvertToHalf(values, halves);
            RandomAccess.Write(file, MemoryMarshal.AsBytes(halves.AsSpan()), start + entry.Begin + first * 2);
        }
    }

    // Stable Diffusion's noise schedule.
    private static void Signal(Span<float> values)
    {
        var (first, last, product) = (Math.Sqrt(0.00085), Math.Sqrt(0.012), 1.0);
        for (var t = 0; t < values.Length; t++)
        {
            var root = first + (last - first) * t / (TrainTimesteps - 1);
            product *= 1 - root * root;
            values[t] = (float)product;
        }
    }

    private sealed record Entry(string Name, string Type, long[] Shape, long Begin)
    {
        public long Count => Shape.Aggregate(1L, (product, length) => product * length);

        public long End => Begin + Count * (Type == "F16" ? 2 : sizeof(long));

        public JsonObject ToJson() => new()
        {
            ["dtype"] = Type,
            ["shape"] = new JsonArray([.. Shape.Select(length => (JsonNode)length)]),
            ["data_offsets"] = new JsonArray(Begin, End),
        };
    }
}
