using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.FunctionalTests.Otlp;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>The metrics that a receiver gets.</summary>
internal sealed class ExportedMetrics(OtlpReceiver receiver)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The standard variables that send a process's metrics here every second, and nothing else.</summary>
    public (string Name, string Value)[] Environment =>
    [
        .. receiver.Environment(OtlpReceiver.Grpc),
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
    ];

    /// <summary>Everything that came, as Prometheus has it.</summary>
    public IReadOnlyList<Sample> Samples => [.. receiver.MetricExports.Select(ExportMetricsServiceRequest.Parser.ParseFrom).SelectMany(TelemetryTests.Samples.From)];

    /// <summary>Waits for a coming export with such a point of a counter or gauge.</summary>
    public async Task PointAsync(string metric, Func<NumberPoint, bool> wanted)
    {
        for (var seen = receiver.MetricExports.Count; ; seen++)
        {
            await ReachAsync(seen + 1);
            var points = from resource in ExportMetricsServiceRequest.Parser.ParseFrom(receiver.MetricExports.ElementAt(seen)).ResourceMetrics
                         from scope in resource.ScopeMetrics
                         from one in scope.Metrics
                         where one.Name == metric
                         from point in one.Gauge?.DataPoints ?? one.Sum.DataPoints
                         select point;
            if (points.Any(wanted))
                return;
        }
    }

    /// <summary>Waits until so many more exports have come.</summary>
    public Task ExportsAsync(int count) => ReachAsync(receiver.MetricExports.Count + count);

    private async Task ReachAsync(int count)
    {
        while (receiver.MetricExports.Count < count)
            await Task.Delay(Pause);
    }
}
