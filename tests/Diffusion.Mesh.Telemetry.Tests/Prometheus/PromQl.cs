using System.Text.RegularExpressions;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>What an expression takes from one metric.</summary>
/// <param name="Text">The selector, as it can be asked for.</param>
/// <param name="Labels">The labels that it needs: those of its own conditions, and those that aggregations and joins around it name.</param>
internal sealed record Selector(string Metric, string Text, IReadOnlySet<string> Labels);

/// <summary>
/// Finds the selectors of PromQL expressions. It does not check expressions, which Prometheus does; groupings have to stand before what they group,
/// <c>sum by (job) (x)</c>.
/// </summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "and", "or", "unless", "bool", "offset", "atan2", "inf", "nan" };
    private static readonly HashSet<string> Groupings = new(StringComparer.OrdinalIgnoreCase) { "by", "without" };
    private static readonly HashSet<string> Joins = new(StringComparer.OrdinalIgnoreCase) { "on", "ignoring", "group_left", "group_right" };

    /// <exception cref="FormatException">A grouping stands after what it groups.</exception>
    public static IReadOnlyList<Selector> Selectors(string expression)
    {
        var tokens = Token().Matches(expression).Select(m => m.Value).ToArray();
        var found = new List<(string Metric, string[] Matchers, HashSet<string> Labels)>();
        var scopes = new Stack<string[]>();
        string[] grouped = [], joined = [];
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] == "(")
            {
                scopes.Push(grouped);
                grouped = [];
            }
            else if (tokens[i] == ")")
            {
                scopes.Pop();
            }
            else if (Groupings.Contains(tokens[i]))
            {
                if (tokens[i - 1] is ")" or "]" or "}")
                    throw new FormatException($"'{tokens[i]}' stands after what it groups: {expression}");
                grouped = List(tokens, ref i);
            }
            else if (Joins.Contains(tokens[i]))
            {
                joined = [.. joined, .. List(tokens, ref i)];
            }
            else if (IsMetric(tokens, i))
            {
                var metric = tokens[i];
                var matchers = Matchers(tokens, ref i);
                found.Add((metric, matchers, [.. scopes.SelectMany(s => s), .. Names(matchers)]));
            }
            else if (tokens[i] == "[")
            {
                // Of a range only brackets tell that it is no metric.
                i = Array.IndexOf(tokens, "]", i);
            }
        }

        return [.. found.Select(f => new Selector(f.Metric, $"{f.Metric}{{{string.Concat(f.Matchers)}}}", f.Labels.Union(joined).ToHashSet()))];
    }

    // Name, operator, value, comma.
    private static IEnumerable<string> Names(string[] matchers) => matchers.Where((_, i) => i % 4 == 0);

    private static bool IsMetric(string[] tokens, int i) =>
        (char.IsAsciiLetter(tokens[i][0]) || tokens[i][0] is '_' or ':') && !Words.Contains(tokens[i])
        && tokens.ElementAtOrDefault(i + 1) is not "(" and var next && (next is null || !Groupings.Contains(next));

    // Without the braces.
    private static string[] Matchers(string[] tokens, ref int i)
    {
        if (tokens.ElementAtOrDefault(i + 1) != "{")
            return [];
        var (first, end) = (i + 2, Array.IndexOf(tokens, "}", i));
        i = end;
        return tokens[first..end];
    }

    private static string[] List(string[] tokens, ref int i)
    {
        if (tokens[i + 1] != "(")
            return [];
        var (first, end) = (i + 2, Array.IndexOf(tokens, ")", i));
        i = end;
        return [.. tokens[first..end].Where(t => t != ",")];
    }

    [GeneratedRegex("""
        "(?:\\.|[^"\\])*"|[a-zA-Z_:][\w:]*|[0-9.]+[a-z]*|[=!<>]=|=~|!~|\S
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Token();
}
