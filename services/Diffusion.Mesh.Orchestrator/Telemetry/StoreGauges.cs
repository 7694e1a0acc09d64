using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// What the whole cluster has queued and running, by its store. The store is asked only while somebody collects; while it is away nothing is told.
/// </summary>
internal sealed class StoreGauges : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly IJobStore _store;
    private readonly Readiness _readiness;
    private readonly TimeProvider _time;
    private readonly ObservableGauge<long> _queued;
    private volatile StoreCounts? _counts;

    public StoreGauges(ServiceMeter meter, IJobStore store, Readiness readiness, TimeProvider time)
    {
        (_store, _readiness, _time) = (store, readiness, time);
        _queued = meter.Meter.CreateObservableGauge(
            TelemetryNames.Metrics.QueueDepth, () => Tell(counts => counts.Queued), "{job}", "Jobs that wait, in the whole cluster.");
        meter.Meter.CreateObservableGauge(
            TelemetryNames.Metrics.JobsRunning, () => Tell(counts => counts.Running), "{job}", "Jobs that run, in the whole cluster.");
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _readiness.WhenReady.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (_queued.Enabled)
                _counts = await CountAsync(stoppingToken);
            await Task.Delay(Interval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<Measurement<long>> Tell(Func<StoreCounts, int> what) => _counts is { } counts ? [new Measurement<long>(what(counts))] : [];

    private async Task<StoreCounts?> CountAsync(CancellationToken cancellation)
    {
        try
        {
            return await _store.CountAsync(cancellation);
        }
        catch (Exception e) when (e is StateUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }
}
