using Diffusion.Mesh.FunctionalTests.Otlp;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A metric's value for one set of labels, as the receiver got it.</summary>
/// <param name="Resource">Attributes of its process.</param>
/// <param name="Value">Of a histogram the count of what was measured.</param>
/// <param name="Sum">Of a histogram, else the value.</param>
/// <param name="Bounds">Upper bounds of a histogram's buckets; none elsewhere.</param>
internal sealed record ReceivedPoint(
    IReadOnlyDictionary<string, string> Resource, string Name, string Unit, IReadOnlyDictionary<string, string> Labels, double Value, double Sum,
    IReadOnlyList<double> Bounds)
{
    public string Service => Resource["service.name"];

    public static IEnumerable<ReceivedPoint> From(ExportMetricsServiceRequest request) =>
        from resource in request.ResourceMetrics
        let process = Strings(resource.Resource.Attributes)
        from scope in resource.ScopeMetrics
        from metric in scope.Metrics
        from point in From(process, metric)
        select point;

    private static IEnumerable<ReceivedPoint> From(IReadOnlyDictionary<string, string> process, Metric metric)
    {
        foreach (var point in (metric.Gauge?.DataPoints ?? []).Concat(metric.Sum?.DataPoints ?? []))
        {
            var value = point.ValueCase == NumberPoint.ValueOneofCase.AsDouble ? point.AsDouble : point.AsInt;
            yield return new ReceivedPoint(process, metric.Name, metric.Unit, Strings(point.Attributes), value, value, []);
        }

        foreach (var point in metric.Histogram?.DataPoints ?? [])
            yield return new ReceivedPoint(process, metric.Name, metric.Unit, Strings(point.Attributes), point.Count, point.Sum, point.ExplicitBounds);
    }

    private static Dictionary<string, string> Strings(IEnumerable<KeyValue> attributes) => attributes.ToDictionary(a => a.Key, a => a.Value.ValueCase switch
    {
        AnyValue.ValueOneofCase.IntValue => $"{a.Value.IntValue}",
        AnyValue.ValueOneofCase.BoolValue => $"{a.Value.BoolValue}",
        _ => a.Value.StringValue,
    });
}
