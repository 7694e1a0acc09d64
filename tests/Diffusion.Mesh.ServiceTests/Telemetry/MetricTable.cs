using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>A metric as docs/telemetry.md has it.</summary>
internal sealed record DocumentedMetric(string Name, string Kind, string Unit, IReadOnlyList<string> Labels);

/// <summary>The table of metrics in docs/telemetry.md.</summary>
internal static class MetricTable
{
    public static IReadOnlyList<DocumentedMetric> Read() =>
        [.. File.ReadLines(Path.Combine(TestFolders.Repository, "docs", "telemetry.md")).SkipWhile(line => !line.StartsWith("| metric |", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|')).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
            .Select(cells => new DocumentedMetric(Names(cells[0])[0], cells[1], cells[2], Names(cells[3])))];

    private static string[] Names(string cell) => [.. cell.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('`'))];
}
