using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>Files that say what comes out; with <c>MESH_UPDATE_GOLDENS=1</c> they are written anew.</summary>
internal static class Goldens
{
    public static void Check(string path, string actual)
    {
        if (DeployFolders.Update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} is missing: {Hint}");
        if (File.ReadAllText(path) is var expected && expected != actual)
            Assert.Fail($"{Path.GetRelativePath(DeployFolders.Repository, path)} differs from line {FirstDifference(expected, actual)} on: {Hint}");
    }

    /// <summary>A text that is the same whatever the order of fields, and of items that have names.</summary>
    public static string Ordered(JsonNode? node) => Sorted(node)?.ToJsonString() ?? "null";

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list when list.All(item => item is JsonObject o && o.ContainsKey("name")) =>
            new JsonArray([.. list.OrderBy(item => (string?)item!["name"], StringComparer.Ordinal).Select(Sorted)]),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static string Hint => $"look at 'git diff' after '{DeployFolders.UpdateVariable}=1 dotnet test tests/Diffusion.Mesh.Deploy.Tests'.";

    private static string FirstDifference(string expected, string actual)
    {
        var (left, right) = (expected.Split('\n'), actual.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(left.Length, right.Length)).First(i => left.ElementAtOrDefault(i) != right.ElementAtOrDefault(i));
        return $"{line + 1} ('{left.ElementAtOrDefault(line)}' is '{right.ElementAtOrDefault(line)}')";
    }
}
