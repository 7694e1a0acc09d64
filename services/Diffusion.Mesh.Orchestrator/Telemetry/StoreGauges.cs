using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What the whole cluster has queued and running.</summary>
internal sealed class StoreGauges : ClusterGauges<StoreCounts>
{
    private readonly IJobStore _store;
    private readonly ObservableGauge<long> _queued;

    public StoreGauges(ServiceMeter meter, IJobStore store, Readiness readiness, TimeProvider time)
        : base(readiness, time)
    {
        _store = store;
        _queued = meter.Meter.CreateObservableGauge(
            TelemetryNames.Metrics.QueueDepth, () => Tell(counts => counts.Queued), "{job}", "Jobs that wait, in the whole cluster.");
        meter.Meter.CreateObservableGauge(
            TelemetryNames.Metrics.JobsRunning, () => Tell(counts => counts.Running), "{job}", "Jobs that run, in the whole cluster.");
    }

    /// <inheritdoc/>
    protected override bool IsCollected => _queued.Enabled;

    /// <inheritdoc/>
    protected override Task<StoreCounts> ReadAsync(CancellationToken cancellation) => _store.CountAsync(cancellation);

    private IEnumerable<Measurement<long>> Tell(Func<StoreCounts, int> what) => Latest is { } counts ? [new Measurement<long>(what(counts))] : [];
}
