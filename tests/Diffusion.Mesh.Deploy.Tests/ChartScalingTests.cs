namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>Each component is scaled by itself, and by one party only.</summary>
[Collection(ClusterTools.Collection)]
public sealed class ChartScalingTests
{
    [Theory]
    [MemberData(nameof(Chart.Matrix), MemberType = typeof(Chart))]
    public async Task Replicas_Deployment_SaysThemUnlessAnAutoscalerDoes(string values)
    {
        var manifests = await Chart.ObjectsAsync(values);
        var scaled = manifests.All("ScaledObject").Concat(manifests.All("HorizontalPodAutoscaler"))
            .Select(o => (string?)o["spec"]!["scaleTargetRef"]!["name"]).ToArray();
        Assert.Distinct(scaled);
        foreach (var deployment in manifests.All("Deployment"))
            Assert.Equal(scaled.Contains((string?)deployment["metadata"]!["name"]), deployment["spec"]!["replicas"] is null);
    }

    [Fact]
    public async Task Keda_Unet_AsksTheOrchestratorFromZeroOn()
    {
        var manifests = await Chart.ObjectsAsync("nvidia-keda");
        var spec = manifests.One("ScaledObject/mesh-unet")["spec"]!;
        var trigger = Assert.Single(spec["triggers"]!.AsArray())!;
        Assert.Equal("external-push", (string?)trigger["type"]);
        Assert.Equal(
            ("mesh-orchestrator-scaler.pictures:7403", "unet", "45"),
            ((string?)trigger["metadata"]!["scalerAddress"], (string?)trigger["metadata"]!["service"], (string?)trigger["metadata"]!["targetSeconds"]));
        Assert.Equal((0, 12), ((int)spec["minReplicaCount"]!, (int)spec["maxReplicaCount"]!));
        // KEDA falls back only where the HPA divides.
        Assert.Equal("AverageValue", (string?)trigger["metricType"]);
        Assert.Equal(7403, (int)manifests.One("Service/mesh-orchestrator-scaler")["spec"]!["ports"]![0]!["port"]!);
    }

    [Fact]
    public async Task DisruptionBudget_OnePodOnly_HasNone()
    {
        var budgets = (await Chart.ObjectsAsync("nvidia-keda")).All("PodDisruptionBudget").Select(o => (string?)o["metadata"]!["name"]);
        Assert.Equal(["mesh-orchestrator", "mesh-text-encoder", "mesh-unet"], budgets.Order());
    }
}
