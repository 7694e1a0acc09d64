using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>Who reaches whom within the release, by what its network policies say together.</summary>
[Collection(ClusterTools.Collection)]
public sealed class ChartNetworkTests
{
    private static readonly string[] _components = ["orchestrator", "text-encoder", "unet", "vae", "redis", "test"];

    [Fact]
    public async Task Policies_CpuCluster_OpenExactlyTheEdgesThatAreNeeded()
    {
        var edges = await EdgesAsync("hpa-fetch");
        Assert.Equal(
            [
                "orchestrator -> redis:6379",
                "orchestrator -> text-encoder:7410",
                "orchestrator -> unet:7420",
                "orchestrator -> vae:7430",
                "test -> orchestrator:7400",
            ],
            edges);
    }

    [Fact]
    public async Task Policies_WithoutTelemetry_LetWorkersReachNothing()
    {
        var manifests = await Chart.ObjectsAsync("default");
        foreach (var worker in _components[1..4])
            Assert.Null(manifests.One($"NetworkPolicy/mesh-{worker}")["spec"]!["egress"]);
        Assert.Null(manifests.One("NetworkPolicy/mesh-deny")["spec"]!["ingress"]);
        Assert.Null(manifests.One("NetworkPolicy/mesh-deny")["spec"]!["egress"]);
    }

    [Fact]
    public async Task Policies_EveryPod_IsUnderOne()
    {
        var manifests = await Chart.ObjectsAsync("nvidia-keda");
        var denied = manifests.One("NetworkPolicy/mesh-deny")["spec"]!["podSelector"]!["matchLabels"]!;
        Assert.All(
            manifests.Objects.Where(o => o["spec"]?["template"] is not null),
            o => Assert.True(Selects(denied, o["spec"]!["template"]!["metadata"]!["labels"]!), Manifests.NameOf(o)));
    }

    private static async Task<IEnumerable<string>> EdgesAsync(string values)
    {
        var policies = (await Chart.ObjectsAsync(values)).All("NetworkPolicy").Select(p => p["spec"]!).ToArray();
        return from source in _components
               from target in _components
               from port in Ports(source, "egress", "to", target).Intersect(Ports(target, "ingress", "from", source))
               orderby source, target
               select $"{source} -> {target}:{port}";

        // What a component's rules open towards a peer; a rule that names no peer is for all.
        IEnumerable<int> Ports(string component, string direction, string side, string peer) =>
            policies.Where(p => Selects(p["podSelector"]!["matchLabels"]!, Labels(component)))
                .SelectMany(p => p[direction]?.AsArray() ?? [])
                .Where(rule => rule![side] is not JsonArray { Count: > 0 } peers || peers.Any(p => IsPod(p!, peer)))
                .SelectMany(rule => rule!["ports"]!.AsArray()).Select(p => (int)p!["port"]!);
    }

    private static bool IsPod(JsonNode peer, string component) => peer["podSelector"] is { } s && Selects(s["matchLabels"]!, Labels(component));

    private static JsonNode Labels(string component) => new JsonObject
    {
        ["app.kubernetes.io/name"] = "diffusion-mesh",
        ["app.kubernetes.io/instance"] = "mesh",
        ["app.kubernetes.io/component"] = component,
    };

    private static bool Selects(JsonNode selector, JsonNode labels) => selector.AsObject().All(p => (string?)labels[p.Key] == (string?)p.Value);
}
