namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>Dashboards and rules are shipped as they are, these and whatever else is put beside them.</summary>
[Collection(ClusterTools.Collection)]
public sealed class ChartMonitoringTests : IDisposable
{
    private const string Dashboard = """{"title": "Sample {{ legend }}", "panels": [{"expr": "sum(rate(a[5m])) > 1"}]}""";

    private const string Rules = """
        groups:
          - name: sample
            rules:
              - alert: SampleAlert
                expr: sum(rate(a[5m])) > 1
                for: 5m
                labels: {severity: warning}
                annotations: {summary: "{{ $labels.pod }} is slow"}
        """;

    private readonly DirectoryInfo _chart = Directory.CreateTempSubdirectory("mesh-chart-");

    public ChartMonitoringTests()
    {
        foreach (var file in Directory.GetFiles(DeployFolders.Chart, "*", SearchOption.AllDirectories))
            Put(Path.GetRelativePath(DeployFolders.Chart, file), File.ReadAllText(file));
        Put("dashboards/sample_panel.json", Dashboard);
        Put("rules/sample.yaml", Rules);
    }

    public void Dispose() => _chart.Delete(recursive: true);

    [Fact]
    public async Task Dashboards_All_AreConfigMapsThatGrafanaFinds()
    {
        var manifests = await RenderAsync("monitoring.dashboards=true");
        var dashboards = manifests.All("ConfigMap").Where(o => (string?)o["metadata"]!["labels"]!["grafana_dashboard"] == "1").ToArray();
        Assert.Equal(
            Files("dashboards", "*.json").Select(f => (Path.GetFileName(f), File.ReadAllText(f))),
            dashboards.SelectMany(d => d["data"]!.AsObject()).OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => (d.Key, (string)d.Value!)));
    }

    [Fact]
    public async Task Rules_All_AreInTheOperatorsObject()
    {
        var groups = Assert.Single((await RenderAsync("monitoring.rules=true")).All("PrometheusRule"))["spec"]!["groups"]!.AsArray();
        // A file of rules is what the operator's object has as its specification.
        var files = await Manifests.ReadAsync(string.Join(
            "\n---\n",
            Files("rules", "*.yaml").Select(f => $"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: a}}\nspec:\n  {File.ReadAllText(f).ReplaceLineEndings("\n  ")}")));
        Assert.Equal(
            files.Objects.SelectMany(o => o["spec"]!["groups"]!.AsArray()).Select(Goldens.Ordered),
            groups.Select(Goldens.Ordered));
        Assert.Contains("{{ $labels.pod }} is slow", groups.Select(g => (string?)g!["rules"]![0]!["annotations"]?["summary"]));
    }

    [Fact]
    public async Task Monitoring_SwitchedOff_ShipsNothing()
    {
        var manifests = await RenderAsync("monitoring.rules=false");
        Assert.Empty(manifests.All("ConfigMap").Concat(manifests.All("PrometheusRule")));
    }

    private async Task<Manifests> RenderAsync(string setting)
    {
        var manifests = await Manifests.ReadAsync(
            (await Tool.RunAsync(ClusterTools.Helm, "template", "mesh", _chart.FullName, "--kube-version", "1.30.0", "--set", setting)).Succeeded());
        Assert.Empty(manifests.Problems);
        return manifests;
    }

    private IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(_chart.FullName, folder), pattern).Order(StringComparer.Ordinal);

    private void Put(string path, string text)
    {
        var file = new FileInfo(Path.Combine(_chart.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }
}
