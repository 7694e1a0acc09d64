using Diffusion.Mesh.FunctionalTests.Otlp;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>What Prometheus' OTLP receiver makes of an export.</summary>
internal static class Samples
{
    private const double Nanoseconds = 1e-9;
    private const int Cumulative = 2;

    public static IEnumerable<Sample> From(ExportMetricsServiceRequest export) =>
        from resource in export.ResourceMetrics
        let labels = ResourceLabels(resource.Resource.Attributes)
        from scope in resource.ScopeMetrics
        from metric in scope.Metrics
        from sample in From(metric, labels)
        select sample;

    private static Dictionary<string, string> ResourceLabels(IEnumerable<KeyValue> attributes)
    {
        var values = attributes.ToDictionary(a => a.Key, a => Text(a.Value));
        return new Dictionary<string, string>
        {
            ["job"] = $"{values["service.namespace"]}/{values["service.name"]}",
            ["instance"] = values["service.instance.id"],
        };
    }

    private static IEnumerable<Sample> From(Metric metric, IReadOnlyDictionary<string, string> resource) => metric.DataCase switch
    {
        Metric.DataOneofCase.Gauge => Numbers(PrometheusNames.Metric(metric.Name, metric.Unit, MetricKind.Gauge), metric.Gauge.DataPoints, resource),
        Metric.DataOneofCase.Sum when metric.Sum.AggregationTemporality == Cumulative => Numbers(
            PrometheusNames.Metric(metric.Name, metric.Unit, metric.Sum.IsMonotonic ? MetricKind.Counter : MetricKind.Gauge), metric.Sum.DataPoints, resource),
        Metric.DataOneofCase.Histogram when metric.Histogram.AggregationTemporality == Cumulative =>
            metric.Histogram.DataPoints.SelectMany(p => Buckets(PrometheusNames.Metric(metric.Name, metric.Unit, MetricKind.Histogram), p, resource)),
        // As Prometheus does with deltas and with kinds that it was not told of.
        _ => throw new InvalidOperationException($"Prometheus refuses {metric.Name}: {metric.DataCase}."),
    };

    private static IEnumerable<Sample> Numbers(string name, IEnumerable<NumberPoint> points, IReadOnlyDictionary<string, string> resource) => points.Select(p => new Sample(
        name,
        Labels(resource, p.Attributes),
        p.ValueCase == NumberPoint.ValueOneofCase.AsInt ? p.AsInt : p.AsDouble,
        p.TimeUnixNano * Nanoseconds));

    private static IEnumerable<Sample> Buckets(string name, HistogramPoint point, IReadOnlyDictionary<string, string> resource)
    {
        var labels = Labels(resource, point.Attributes);
        var time = point.TimeUnixNano * Nanoseconds;
        var below = 0UL;
        foreach (var (bound, count) in point.ExplicitBounds.Append(double.PositiveInfinity).Zip(point.BucketCounts))
        {
            below += count;
            yield return new Sample($"{name}_bucket", new Dictionary<string, string>(labels) { ["le"] = OpenMetrics.Number(bound) }, below, time);
        }

        yield return new Sample($"{name}_sum", labels, point.Sum, time);
        yield return new Sample($"{name}_count", labels, point.Count, time);
    }

    private static Dictionary<string, string> Labels(IReadOnlyDictionary<string, string> resource, IEnumerable<KeyValue> attributes)
    {
        var labels = new Dictionary<string, string>(resource);
        foreach (var attribute in attributes)
            labels.Add(PrometheusNames.Label(attribute.Key), Text(attribute.Value));
        return labels;
    }

    private static string Text(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => OpenMetrics.Number(value.IntValue),
        AnyValue.ValueOneofCase.DoubleValue => OpenMetrics.Number(value.DoubleValue),
        _ => throw new InvalidOperationException($"An attribute is {value.ValueCase}."),
    };
}
