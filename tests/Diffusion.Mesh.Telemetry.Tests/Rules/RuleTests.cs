using System.Text.RegularExpressions;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>The files of alert rules, by promtool and against their run-books.</summary>
public sealed partial class RuleTests
{
    private static readonly string[] Tests = Files("tests", "Diffusion.Mesh.Telemetry.Tests", "Rules");

    /// <summary>The files that the chart ships.</summary>
    internal static string[] Rules { get; } = Files("helm", "diffusion-mesh", "rules");

    [Fact]
    public async Task Rules_All_PassPromtoolsCheck() => Assert.DoesNotContain("FAILED", await Promtool.RunAsync(["check", "rules", "--lint-fatal", .. Rules]));

    [Fact]
    public Task Rules_All_FireAndDoNotFireAsTheirTestsSay() => Promtool.RunAsync(["test", "rules", .. Tests]);

    [Fact]
    public void Alerts_All_HaveTestsOfFiringAndNotFiring()
    {
        var tests = string.Concat(Tests.Select(File.ReadAllText));
        Assert.All(Alerts().Select(a => a.Name), name =>
        {
            // A test without alerts ends with its time.
            var cases = tests.Split("- alertname: ").Where(c => c.StartsWith($"{name}\n", StringComparison.Ordinal)).Select(c => c.Contains("exp_alerts:", StringComparison.Ordinal)).ToArray();
            Assert.Contains(true, cases);
            Assert.Contains(false, cases);
        });
    }

    [Fact]
    public void Alerts_All_HaveARunbook()
    {
        var runbooks = File.ReadAllLines(Path.Combine(TestFolders.Repository, "docs", "runbooks.md"));
        Assert.Equal(Alerts().Select(a => $"## {a.Name}").Order(), runbooks.Where(l => l.StartsWith("## ", StringComparison.Ordinal)).Order());
        Assert.All(Alerts(), alert =>
        {
            Assert.Contains($"runbook_url: docs/runbooks.md#{alert.Name.ToLowerInvariant()}\n", alert.Text);
            Assert.Matches("severity: (warning|critical)\n", alert.Text);
            Assert.Contains("summary: ", alert.Text);
            Assert.Contains("description: ", alert.Text);
        });
    }

    private static IEnumerable<(string Name, string Text)> Alerts() =>
        from file in Rules
        from text in File.ReadAllText(file).Split("- alert: ").Skip(1)
        select (NameOfAlert().Match(text).Value, text);

    private static string[] Files(params string[] folder) =>
        [.. Directory.EnumerateFiles(Path.Combine([TestFolders.Repository, .. folder]), "*.yaml").Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^\w+")]
    private static partial Regex NameOfAlert();
}
