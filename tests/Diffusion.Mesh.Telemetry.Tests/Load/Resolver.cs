using System.Text.RegularExpressions;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>Says what an expression asks for and Prometheus does not have.</summary>
internal sealed partial class Resolver(PrometheusServer prometheus)
{
    /// <summary>What is wrong with a panel's query: with its selectors, its result, or its legend.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync(string expression, string legend)
    {
        var problems = await SelectorProblemsAsync(expression);
        if (problems.Count > 0)
            return problems;
        var result = await prometheus.RangeAsync(expression);
        // A quotient of what happened once is NaN, and there.
        if (result.Count == 0)
            return [$"nothing comes of {expression}"];
        return [.. from label in LabelUse().Matches(legend).Select(m => m.Groups[1].Value)
                   where result.Any(series => !series.ContainsKey(label))
                   select $"the legend's {label} is on no or not on every series of {expression}"];
    }

    /// <summary>What is wrong with an expression's selectors. An expression that Prometheus cannot read is an exception.</summary>
    public async Task<IReadOnlyList<string>> SelectorProblemsAsync(string expression)
    {
        await prometheus.RangeAsync(expression);
        var problems = new List<string>();
        foreach (var selector in PromQl.Selectors(expression))
        {
            var labels = (await prometheus.SeriesAsync(selector.Metric)).SelectMany(s => s.Keys).ToHashSet();
            if (labels.Count == 0)
                problems.Add($"{selector.Metric} is not exported");
            else if (selector.Labels.FirstOrDefault(l => !labels.Contains(l)) is { } missing)
                problems.Add($"{selector.Metric} has no label {missing}");
            else if ((await prometheus.SeriesAsync(selector.Text)).Count == 0)
                problems.Add($"no series is {selector.Text}");
        }

        return problems;
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex LabelUse();
}
