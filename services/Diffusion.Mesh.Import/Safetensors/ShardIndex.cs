using System.Text.Json;
using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Import.Safetensors;

/// <summary>One of several files that together hold a part.</summary>
/// <param name="Tensors">The tensors that it must have, and no others.</param>
internal sealed record Shard(string Path, IReadOnlySet<string> Tensors);

/// <summary><c>*.safetensors.index.json</c>: which tensor lies in which file beside it.</summary>
internal sealed record ShardIndex(IReadOnlyList<Shard> Shards)
{
    private const string Map = "weight_map";

    /// <exception cref="ImportException">The index is broken, or names a file that does not lie beside it.</exception>
    public static ShardIndex Read(string path)
    {
        var json = JsonFile.Read(path);
        if (json[Map] is not JsonObject map || map.Count == 0)
            throw new ImportException($"'{path}' has no '{Map}' from tensors to files.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return new ShardIndex(
        [
            .. map.GroupBy(entry => FileName(path, entry.Value), entry => entry.Key, StringComparer.Ordinal)
                .Select(g => new Shard(Path.Combine(folder, g.Key), g.ToHashSet(StringComparer.Ordinal))),
        ]);
    }

    /// <summary>Only a name: an index from somewhere must not lead out of its folder.</summary>
    private static string FileName(string path, JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } name
            && name.IndexOfAny(['/', '\\', ':', '\0']) < 0 && name.EndsWith(".safetensors", StringComparison.Ordinal)
            ? name
            : throw new ImportException($"'{path}' names a shard that is no .safetensors file beside it: {value?.ToJsonString() ?? "null"}.");
}
