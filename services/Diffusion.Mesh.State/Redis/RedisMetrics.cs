using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Diffusion.Mesh.State;

/// <summary>How long calls to Redis take, and whether it can be reached.</summary>
internal sealed class RedisMetrics
{
    private static readonly InstrumentAdvice<double> _bounds = new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    private readonly Histogram<double> _duration;

    /// <param name="use">See <see cref="RedisOptions.Use"/>.</param>
    /// <param name="isConnected">Null before the first call: nobody has wanted a connection.</param>
    public RedisMetrics(IMeterFactory meters, string use, Func<bool?> isConnected)
    {
        var meter = meters.Create(RedisMetricNames.Meter);
        _duration = meter.CreateHistogram(RedisMetricNames.Duration, "s", "Duration of single tries of calls to Redis.", null, _bounds);
        KeyValuePair<string, object?>[] tags = [new(RedisMetricNames.Use, use)];
        meter.CreateObservableGauge(
            RedisMetricNames.Connected,
            () => isConnected() is { } connected ? [new Measurement<int>(connected ? 1 : 0, tags)] : Array.Empty<Measurement<int>>(),
            description: "1 where Redis is connected, 0 where not.");
    }

    /// <summary>A try ended.</summary>
    /// <param name="operation">A script of ours or a command of Redis: there are few.</param>
    /// <param name="error">Null: it went well.</param>
    public void Record(string operation, TimeSpan duration, string? error)
    {
        var tags = new TagList { { RedisMetricNames.System, "redis" }, { RedisMetricNames.Operation, operation } };
        if (error is not null)
            tags.Add(RedisMetricNames.ErrorType, error);
        _duration.Record(duration.TotalSeconds, tags);
    }
}
