using System.Text.Json;
using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>Objects for Kubernetes, checked against their schemas.</summary>
internal sealed class Manifests(IReadOnlyList<JsonObject> objects, IReadOnlyList<string> problems)
{
    public IReadOnlyList<JsonObject> Objects { get; } = objects;

    /// <summary>What the schemas have against them, each with the object's kind and name.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;

    /// <summary>Every pod's specification with its owner's kind and name.</summary>
    public IEnumerable<(string Owner, JsonNode Spec)> Pods =>
        Objects.Where(o => o["spec"]?["template"]?["spec"]?["containers"] is not null).Select(o => (NameOf(o), o["spec"]!["template"]!["spec"]!));

    /// <summary>Reads what helm or kustomize printed.</summary>
    public static async Task<Manifests> ReadAsync(string yaml) => (await ReadAsync([yaml]))[0];

    /// <summary>Reads several of them at once: starting Node.js takes longer than reading.</summary>
    public static async Task<Manifests[]> ReadAsync(params string[] yamls)
    {
        var folder = Directory.CreateTempSubdirectory("mesh-manifests-");
        try
        {
            var files = yamls.Select((_, i) => Path.Combine(folder.FullName, $"{i}.yaml")).ToArray();
            foreach (var (file, yaml) in files.Zip(yamls))
                await File.WriteAllTextAsync(file, yaml);
            var result = await Tool.RunAsync("node", [Path.Combine(DeployFolders.Project, "objects.mjs"), .. files]);
            using var document = JsonDocument.Parse(result.Succeeded());
            return [.. document.RootElement.EnumerateArray().Select(e => From(e.GetProperty("objects")))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>KIND/NAME.</summary>
    public static string NameOf(JsonNode o) => $"{o["kind"]}/{o["metadata"]!["name"]}";

    public JsonObject One(string name) => Assert.Single(Objects, o => NameOf(o) == name);

    public IEnumerable<JsonObject> All(string kind) => Objects.Where(o => (string?)o["kind"] == kind);

    private static Manifests From(JsonElement entries)
    {
        var read = entries.EnumerateArray()
            .Select(e => (Object: JsonObject.Create(e.GetProperty("object").Clone())!, Problems: e.GetProperty("problems").EnumerateArray().Select(p => p.GetString()!).ToArray()))
            .ToArray();
        return new Manifests([.. read.Select(r => r.Object)], [.. read.SelectMany(r => r.Problems.Select(p => $"{NameOf(r.Object)}: {p}"))]);
    }
}
