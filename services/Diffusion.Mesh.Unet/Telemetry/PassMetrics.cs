using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Unet;

/// <summary>The forward passes of an engine, and who was held up by whom.</summary>
internal sealed class PassMetrics(ServiceMeter meter) : IHostMetrics
{
    private readonly Histogram<int> _rows = meter.Meter.CreateHistogram(
        TelemetryNames.Metrics.BatchSize, "{row}", "Rows of forward passes, without padding.", null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = HistogramBounds.Rows });

    private readonly Histogram<double> _duration = meter.Seconds(TelemetryNames.Metrics.PassDuration, "Duration of forward passes.");
    private readonly Counter<long> _preemptions = meter.Counter(
        TelemetryNames.Metrics.Preemptions, "job", "Jobs that waited although they came first: a more urgent one took the pass.");

    /// <inheritdoc/>
    public void Begin() => _preemptions.Add(0);

    /// <summary>A pass has run.</summary>
    /// <param name="rows">Without padding.</param>
    public void Ran(ShapeGroup group, int rows, double seconds)
    {
        _rows.Record(rows);
        _duration.Record(seconds, new KeyValuePair<string, object?>(TelemetryNames.Model, group.Model));
    }

    /// <summary>A pass was packed.</summary>
    public void Packed(ShapeGroup group)
    {
        if (_preemptions.Enabled && Preemption.Count(group) is var count and > 0)
            _preemptions.Add(count);
    }
}
