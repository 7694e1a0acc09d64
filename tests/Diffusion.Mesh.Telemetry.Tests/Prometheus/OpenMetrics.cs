using System.Globalization;
using System.Text;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>Samples in the text format of OpenMetrics, which promtool reads.</summary>
internal static class OpenMetrics
{
    public static string Write(IEnumerable<Sample> samples)
    {
        var text = new StringBuilder();
        foreach (var sample in samples.OrderBy(s => s.Seconds))
        {
            var labels = string.Join(',', sample.Labels.Select(l => $"{l.Key}=\"{Escaped(l.Value)}\""));
            text.Append(CultureInfo.InvariantCulture, $"{sample.Metric}{{{labels}}} {Number(sample.Value)} {sample.Seconds:F3}\n");
        }

        return text.Append("# EOF\n").ToString();
    }

    /// <summary>A number as Prometheus writes it.</summary>
    public static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString(CultureInfo.InvariantCulture);

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
