using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>What holds for every pod, whatever the values are.</summary>
[Collection(ClusterTools.Collection)]
public sealed class ChartPodTests
{
    // The volume types that the pod security standard "restricted" lets in, of those that are used; images are among them since they exist.
    private static readonly string[] _volumes = ["configMap", "emptyDir", "image", "persistentVolumeClaim", "secret"];

    [Theory]
    [MemberData(nameof(Chart.Matrix), MemberType = typeof(Chart))]
    public async Task Pods_All_KeepToTheRestrictedStandard(string values)
    {
        foreach (var (owner, pod) in (await Chart.ObjectsAsync(values)).Pods)
        {
            Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!, owner);
            Assert.Equal("RuntimeDefault", (string?)pod["securityContext"]!["seccompProfile"]!["type"]);
            Assert.False((bool)pod["automountServiceAccountToken"]!, owner);
            Assert.Null(pod["hostNetwork"]);
            foreach (var container in Containers(pod))
            {
                var security = container["securityContext"]!;
                Assert.False((bool)security["allowPrivilegeEscalation"]!, owner);
                Assert.Equal("ALL", (string?)Assert.Single(security["capabilities"]!["drop"]!.AsArray()));
                Assert.Null(security["capabilities"]!["add"]);
                Assert.DoesNotContain(":latest", (string?)container["image"], StringComparison.Ordinal);
            }

            var types = (pod["volumes"]?.AsArray() ?? []).SelectMany(v => v!.AsObject().Select(p => p.Key)).Where(k => k != "name");
            Assert.All(types, type => Assert.Contains(type, _volumes));
        }
    }

    [Theory]
    [MemberData(nameof(Chart.Matrix), MemberType = typeof(Chart))]
    public async Task Services_All_AreProbedInPlaintextAndHaveTimeToDrain(string values)
    {
        var deployments = (await Chart.ObjectsAsync(values)).All("Deployment").ToArray();
        Assert.Equal(4, deployments.Length);
        foreach (var pod in deployments.Select(d => d["spec"]!["template"]!["spec"]!))
        {
            var container = Assert.Single(pod["containers"]!.AsArray())!;
            var health = $"0.0.0.0:{container["readinessProbe"]!["grpc"]!["port"]}";
            Assert.Equal(health, Environment(container, "MESH_HEALTH"));
            Assert.NotEqual(health, Environment(container, "MESH_GRPC"));
            Assert.Equal(["readiness", "readiness", "liveness"], Probes(container).Select(p => (string?)p["grpc"]!["service"]));
            Assert.Single(Probes(container).Select(p => (int)p["grpc"]!["port"]!).Distinct());
            var sleep = (int)container["lifecycle"]!["preStop"]!["sleep"]!["seconds"]!;
            var drain = int.Parse(Environment(container, "MESH_DRAIN")!);
            Assert.True((int)pod["terminationGracePeriodSeconds"]! >= sleep + drain + 5);
        }
    }

    [Fact]
    public async Task Drain_Orchestrator_LastsAsLongAsThoseItCalls()
    {
        var grace = (await Chart.ObjectsAsync("default")).All("Deployment")
            .ToDictionary(Manifests.NameOf, d => (int)d["spec"]!["template"]!["spec"]!["terminationGracePeriodSeconds"]!);
        Assert.Equal(grace.Values.Max(), grace["Deployment/mesh-orchestrator"]);
    }

    [Fact]
    public async Task Gpu_Nvidia_HasDeviceTolerationProviderAndItsOwnImage()
    {
        var manifests = await Chart.ObjectsAsync("nvidia-keda");
        Check("unet", "nvidia.com/gpu");
        Check("text-encoder", "nvidia.com/mig-1g.10gb");
        Check("vae", "nvidia.com/gpu.shared");
        var orchestrator = manifests.One("Deployment/mesh-orchestrator")["spec"]!["template"]!["spec"]!;
        Assert.Null(orchestrator["tolerations"]);

        void Check(string component, string resource)
        {
            var spec = manifests.One($"Deployment/mesh-{component}")["spec"]!;
            var pod = spec["template"]!["spec"]!;
            var container = pod["containers"]![0]!;
            Assert.Equal(1, (int)container["resources"]!["limits"]![resource]!);
            Assert.Equal("cuda", Environment(container, "MESH_PROVIDER"));
            Assert.EndsWith("-cuda", (string?)container["image"], StringComparison.Ordinal);
            Assert.Equal("nvidia.com/gpu", (string?)Assert.Single(pod["tolerations"]!.AsArray())!["key"]);
            Assert.Equal(0, (int)spec["strategy"]!["rollingUpdate"]!["maxSurge"]!);
        }
    }

    private static IEnumerable<JsonNode> Containers(JsonNode pod) =>
        new[] { "initContainers", "containers" }.SelectMany(list => pod[list]?.AsArray() ?? []).Select(c => c!);

    private static IEnumerable<JsonNode> Probes(JsonNode container) =>
        new[] { "startupProbe", "readinessProbe", "livenessProbe" }.Select(p => container[p]!);

    private static string? Environment(JsonNode container, string name) =>
        (string?)container["env"]!.AsArray().SingleOrDefault(e => (string?)e!["name"] == name)?["value"];
}
