using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// The seconds of work that workers are scaled by, one value for each role. They are the whole cluster's, the same from every orchestrator: take the largest, never the
/// sum. The store is asked only while somebody collects; while it is away nothing is told.
/// </summary>
internal sealed class DemandGauge : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly DemandReader _reader;
    private readonly Readiness _readiness;
    private readonly TimeProvider _time;
    private readonly ObservableGauge<double> _cost;
    private volatile ScalingDemand? _demand;

    public DemandGauge(ServiceMeter meter, DemandReader reader, Readiness readiness, TimeProvider time)
    {
        (_reader, _readiness, _time) = (reader, readiness, time);
        _cost = meter.Meter.CreateObservableGauge(
            TelemetryNames.Metrics.QueueCost, Tell, "s", "Work that waits or runs in the whole cluster, in seconds of one worker.");
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _readiness.WhenReady.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (_cost.Enabled)
                _demand = await ReadAsync(stoppingToken);
            await Task.Delay(Interval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<Measurement<double>> Tell()
    {
        if (_demand is not { } demand)
            yield break;
        foreach (var role in Enum.GetValues<WorkerRole>())
            yield return new Measurement<double>(demand.Of(role), new KeyValuePair<string, object?>(TelemetryNames.Service, WorkerGauges.Service(role)));
    }

    private async Task<ScalingDemand?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await _reader.ReadAsync(cancellation);
        }
        catch (Exception e) when (e is StateUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }
}
