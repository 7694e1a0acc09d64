using System.Text.RegularExpressions;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>The dashboards' files, without any data.</summary>
public sealed partial class DashboardTests
{
    private const int Columns = 24;

    // Those that Grafana knows by itself.
    private static readonly string[] Known = ["__rate_interval"];

    private static readonly IReadOnlyList<Dashboard> Dashboards = Dashboard.All();

    [Fact]
    public void Dashboards_All_HaveIdsOfTheirOwn()
    {
        Assert.Equal(["redis.json", "requests.json", "workers.json"], Dashboards.Select(d => d.File));
        Assert.Equal(Dashboards.Count, Dashboards.Select(d => d.Uid).Distinct().Count());
        Assert.All(Dashboards, d => Assert.Equal(d.Panels.Length, d.Panels.Select(p => p.Id).Distinct().Count()));
        Assert.All(Dashboards, d => Assert.NotEmpty(d.Description));
    }

    [Fact]
    public void Panels_All_SayWhatTheyShow() => Assert.All(Dashboards.SelectMany(d => d.Shown), panel =>
    {
        Assert.NotEmpty(panel.Title);
        Assert.False(string.IsNullOrEmpty(panel.Description), panel.Title);
        Assert.False(string.IsNullOrEmpty(panel.FieldConfig!.Defaults.Unit), panel.Title);
        Assert.NotEmpty(panel.Targets!);
        Assert.Equal(panel.Targets!.Length, panel.Targets.Select(t => t.RefId).Distinct().Count());
    });

    [Fact]
    public void Panels_OfADashboard_DoNotOverlap() => Assert.All(Dashboards, dashboard =>
    {
        var taken = new HashSet<(int, int)>();
        foreach (var panel in dashboard.Panels)
        {
            var at = panel.GridPos;
            Assert.InRange(at.X + at.W, 1, Columns);
            var cells = from x in Enumerable.Range(at.X, at.W) from y in Enumerable.Range(at.Y, at.H) select (x, y);
            Assert.All(cells, cell => Assert.True(taken.Add(cell), $"{dashboard.File}: {panel.Title}"));
        }
    });

    [Fact]
    public void Queries_All_UseVariablesThatThereAre() => Assert.All(Dashboards, dashboard =>
    {
        string[] variables = [.. dashboard.Templating.List.Select(v => v.Name), .. Known];
        Assert.Contains("datasource", variables);
        var texts = dashboard.Shown.SelectMany(p => p.Targets!).SelectMany(t => new[] { t.Expr, t.Interval }).Concat(dashboard.Queries.Select(v => v.LabelValues.Selector));
        Assert.All(texts.SelectMany(t => VariableUse().Matches(t)), use => Assert.Contains(use.Groups[1].Value, variables));
        // Else rates would be taken over less than the services' export interval.
        Assert.All(dashboard.Shown.SelectMany(p => p.Targets!), t => Assert.Equal("$interval", t.Interval));
    });

    [GeneratedRegex(@"\$\{?(\w+)")]
    private static partial Regex VariableUse();
}
