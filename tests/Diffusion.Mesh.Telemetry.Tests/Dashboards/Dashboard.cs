using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>What the tests look at in a Grafana dashboard.</summary>
internal sealed partial record Dashboard(string Uid, string Title, string Description, int SchemaVersion, Templating Templating, Panel[] Panels)
{
    /// <summary>The folder that the chart ships.</summary>
    public static string Folder => Path.Combine(TestFolders.Repository, "helm", "diffusion-mesh", "dashboards");

    public string File { get; private init; } = "";

    /// <summary>Panels that show something.</summary>
    public IEnumerable<Panel> Shown => Panels.Where(p => p.Type != "row");

    /// <summary>Variables that are asked of Prometheus, in the order in which they depend on each other.</summary>
    public IEnumerable<Variable> Queries => Templating.List.Where(v => v.Type == "query");

    public static IReadOnlyList<Dashboard> All() => [.. Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(Read)];

    private static Dashboard Read(string file) => JsonSerializer.Deserialize<Dashboard>(System.IO.File.ReadAllText(file), JsonSerializerOptions.Web)! with
    {
        File = Path.GetFileName(file),
    };
}

internal sealed record Templating(Variable[] List);

/// <param name="Query">A text, or an object with a text of this name.</param>
internal sealed partial record Variable(string Type, string Name, string? Description, JsonElement Query)
{
    /// <summary>The metric or selector, and the label whose values are asked for.</summary>
    public (string Selector, string Label) LabelValues
    {
        get
        {
            var match = LabelValuesCall().Match(Query.GetProperty("query").GetString()!);
            return (match.Groups[1].Value, match.Groups[2].Value);
        }
    }

    [GeneratedRegex(@"^label_values\((.+), (\w+)\)$")]
    private static partial Regex LabelValuesCall();
}

internal sealed record Panel(int Id, string Type, string Title, string? Description, GridPosition GridPos, FieldConfig? FieldConfig, Target[]? Targets);

internal sealed record GridPosition(int X, int Y, int W, int H);

internal sealed record FieldConfig(FieldDefaults Defaults);

internal sealed record FieldDefaults(string? Unit);

internal sealed record Target(string RefId, string Expr, string Interval, [property: JsonPropertyName("legendFormat")] string Legend);
