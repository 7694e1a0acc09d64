using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>The folder <c>k8s</c>: in step with the chart, and to the same effect.</summary>
[Collection(ClusterTools.Collection)]
public sealed class KustomizeTests
{
    [Fact]
    public async Task Generate_Chart_GivesTheFilesThatAreThere()
    {
        var made = Directory.CreateTempSubdirectory("mesh-k8s-");
        try
        {
            (await Tool.RunAsync("env", $"HELM={ClusterTools.Helm}", "node", Path.Combine(DeployFolders.Manifests, "generate.mjs"), made.FullName)).Succeeded();
            var files = Files(made.FullName);
            foreach (var file in files)
                Goldens.Check(Path.Combine(DeployFolders.Manifests, file), await File.ReadAllTextAsync(Path.Combine(made.FullName, file)));
            Assert.Equal(files, Files(DeployFolders.Manifests).Where(f => f.StartsWith("base", StringComparison.Ordinal) || f.StartsWith("overlays", StringComparison.Ordinal)));
        }
        finally
        {
            made.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public async Task Overlay_Built_IsWhatTheChartGives(string overlay)
    {
        var kustomized = await Tool.RunAsync(ClusterTools.Kubectl, "kustomize", Path.Combine(DeployFolders.Manifests, "overlays", overlay));
        var rendered = await Tool.RunAsync(
            ClusterTools.Helm, "template", "mesh", DeployFolders.Chart, "--kube-version", "1.30.0", "--skip-tests",
            "--values", Path.Combine(DeployFolders.Manifests, "values", "base.yaml"), "--values", Path.Combine(DeployFolders.Manifests, "values", $"{overlay}.yaml"));
        var read = await Manifests.ReadAsync(kustomized.Succeeded(), rendered.Succeeded());
        var (built, expected) = (read[0], read[1]);

        Assert.Empty(built.Problems);
        Assert.Equal("restricted", (string?)built.One("Namespace/diffusion-mesh")["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]);
        Assert.Equal(
            expected.Objects.Select(Text).Order(),
            built.Objects.Where(o => (string?)o["kind"] != "Namespace").Select(Text).Order());
    }

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder, "*.yaml", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];

    // Without who manages it and where it is, and whatever the order of its fields and of its named items.
    private static string Text(JsonObject o)
    {
        var metadata = o["metadata"]!.AsObject();
        metadata.Remove("namespace");
        metadata["labels"]!.AsObject().Remove("helm.sh/chart");
        metadata["labels"]!.AsObject().Remove("app.kubernetes.io/managed-by");
        return Goldens.Ordered(o);
    }
}
