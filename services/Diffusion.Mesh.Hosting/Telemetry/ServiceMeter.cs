using System.Diagnostics.Metrics;

namespace Diffusion.Mesh.Hosting;

/// <summary>A service's one meter. It is its host's: several hosts of a process do not mix. Where nobody listens, its instruments cost next to nothing.</summary>
public sealed class ServiceMeter(IMeterFactory factory, string name)
{
    /// <summary>The meter.</summary>
    public Meter Meter { get; } = factory.Create(name);

    /// <summary>A count of <paramref name="what"/>, for example <c>job</c>.</summary>
    public Counter<long> Counter(string instrument, string what, string description) => Meter.CreateCounter<long>(instrument, $"{{{what}}}", description);

    /// <summary>Durations in seconds.</summary>
    public Histogram<double> Seconds(string instrument, string description) =>
        Meter.CreateHistogram(instrument, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = HistogramBounds.Seconds });

    /// <summary>How many of <paramref name="what"/> there are now.</summary>
    public void Gauge(string instrument, string what, string description, Func<long> read) =>
        Meter.CreateObservableGauge(instrument, read, $"{{{what}}}", description);
}
