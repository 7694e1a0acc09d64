using System.Text;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>What Prometheus makes of a metric.</summary>
internal enum MetricKind
{
    Gauge,
    Counter,
    Histogram,
}

/// <summary>
/// The names that Prometheus gives to OTLP metrics and attributes (its strategy <c>UnderscoreEscapingWithSuffixes</c>, which collectors have as well), as the
/// specification "Prometheus and OpenMetrics Compatibility" of OpenTelemetry and Prometheus' own translation have them.
/// </summary>
internal static class PrometheusNames
{
    private static readonly Dictionary<string, string> Units = new()
    {
        ["d"] = "days",
        ["h"] = "hours",
        ["min"] = "minutes",
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["GiBy"] = "gibibytes",
        ["Cel"] = "celsius",
        ["Hz"] = "hertz",
        ["%"] = "percent",
        ["1"] = "",
    };

    private static readonly Dictionary<string, string> PerUnits = new()
    {
        ["s"] = "second",
        ["m"] = "minute",
        ["h"] = "hour",
        ["d"] = "day",
        ["w"] = "week",
        ["mo"] = "month",
        ["y"] = "year",
    };

    /// <summary>A metric's name; a histogram's series have <c>_bucket</c>, <c>_sum</c> and <c>_count</c> after it.</summary>
    public static string Metric(string name, string unit, MetricKind kind)
    {
        var words = Words(name);
        foreach (var suffix in UnitSuffixes(unit).Where(s => s.Length > 0 && !words.Contains(s)).ToArray())
            words.Add(suffix);
        if (kind == MetricKind.Counter)
            MoveToEnd(words, "total");
        if (kind == MetricKind.Gauge && unit == "1")
            MoveToEnd(words, "ratio");
        var joined = string.Join('_', words);
        return char.IsAsciiDigit(joined[0]) ? $"_{joined}" : joined;
    }

    /// <summary>A label's name.</summary>
    public static string Label(string attribute)
    {
        var text = new StringBuilder(attribute.Length);
        foreach (var c in attribute)
            text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        return text[0] switch
        {
            >= '0' and <= '9' => $"key_{text}",
            '_' when text is not [_, '_', ..] => $"key{text}",
            _ => text.ToString(),
        };
    }

    private static List<string> Words(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) || c == ':' ? c : ' ');
        return [.. text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    // Units in braces are annotations, and no part of a name.
    private static IEnumerable<string> UnitSuffixes(string unit)
    {
        var parts = unit.Split('/', 2, StringSplitOptions.TrimEntries);
        if (!parts[0].Contains('{', StringComparison.Ordinal))
            yield return string.Join('_', Words(Units.GetValueOrDefault(parts[0], parts[0])));
        if (parts.Length == 2 && parts[1].Length > 0 && !parts[1].Contains('{', StringComparison.Ordinal))
            yield return string.Join('_', ["per", .. Words(PerUnits.GetValueOrDefault(parts[1], parts[1]))]);
    }

    private static void MoveToEnd(List<string> words, string word)
    {
        words.RemoveAll(w => w == word);
        words.Add(word);
    }
}
