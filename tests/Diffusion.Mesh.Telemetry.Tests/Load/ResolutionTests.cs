using System.Text.RegularExpressions;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>Every query of every dashboard and alert finds in Prometheus what a real cluster exported.</summary>
public sealed partial class ResolutionTests(ClusterUnderLoad cluster) : IClassFixture<ClusterUnderLoad>
{
    private const string Window = "20s";

    private readonly Resolver _resolver = new(cluster.Prometheus);

    [Fact]
    public async Task Panels_AllQueries_FindTheirMetricsAndLabels()
    {
        var problems = new List<string>();
        foreach (var dashboard in Dashboard.All())
        {
            var values = await VariablesAsync(dashboard, problems);
            foreach (var panel in dashboard.Shown)
            {
                foreach (var target in panel.Targets!)
                    problems.AddRange((await _resolver.ProblemsAsync(Filled(target.Expr, values), target.Legend)).Select(p => $"{dashboard.File}, {panel.Title}: {p}"));
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public async Task Alerts_AllQueries_FindTheirMetricsAndLabels()
    {
        var own = (await cluster.Prometheus.AlertsAsync()).Where(a => !a.Query.Contains("kube_", StringComparison.Ordinal) && !a.Query.Contains("keda_", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(own);
        var problems = new List<string>();
        foreach (var alert in own)
            problems.AddRange((await _resolver.SelectorProblemsAsync(alert.Query)).Select(p => $"{alert.Name}: {p}"));

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    // As Grafana fills them for "all", and stricter: a label that is missing matches nothing.
    private async Task<Dictionary<string, string>> VariablesAsync(Dashboard dashboard, List<string> problems)
    {
        var values = new Dictionary<string, string> { ["__rate_interval"] = Window };
        foreach (var variable in dashboard.Queries)
        {
            var (selector, label) = variable.LabelValues;
            var found = (await cluster.Prometheus.SeriesAsync(Filled(selector, values))).Select(s => s.GetValueOrDefault(label)).OfType<string>().Distinct().ToArray();
            if (found.Length == 0)
                problems.Add($"{dashboard.File}, variable {variable.Name}: no values of {label}");
            values[variable.Name] = $"({string.Join('|', found.Select(Regex.Escape))})";
        }

        return values;
    }

    private static string Filled(string expression, Dictionary<string, string> values) =>
        Variable().Replace(expression, use => values[use.Groups[1].Value].Replace("\\", "\\\\", StringComparison.Ordinal));

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Variable();
}
