using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// The seconds of work that workers are scaled by, one value for each role. They are the whole cluster's, the same from every orchestrator: take the largest, never the
/// sum.
/// </summary>
internal sealed class DemandGauge : ClusterGauges<ScalingDemand>
{
    private readonly DemandReader _reader;
    private readonly ObservableGauge<double> _cost;

    public DemandGauge(ServiceMeter meter, DemandReader reader, Readiness readiness, TimeProvider time)
        : base(readiness, time)
    {
        _reader = reader;
        _cost = meter.Meter.CreateObservableGauge(
            TelemetryNames.Metrics.QueueCost, Tell, "s", "Work that waits or runs in the whole cluster, in seconds of one worker.");
    }

    /// <inheritdoc/>
    protected override bool IsCollected => _cost.Enabled;

    /// <inheritdoc/>
    protected override Task<ScalingDemand> ReadAsync(CancellationToken cancellation) => _reader.ReadAsync(cancellation);

    private IEnumerable<Measurement<double>> Tell()
    {
        if (Latest is not { } demand)
            yield break;
        foreach (var role in Enum.GetValues<WorkerRole>())
            yield return new Measurement<double>(demand.Of(role), new KeyValuePair<string, object?>(TelemetryNames.Service, WorkerGauges.Service(role)));
    }
}
