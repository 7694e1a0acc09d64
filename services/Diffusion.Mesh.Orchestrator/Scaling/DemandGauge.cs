using System.Diagnostics.Metrics;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// The gauge <c>diffusion.queue.cost</c>: the seconds of work that workers are scaled by, one value for each service. It is the whole cluster's, the same from every
/// orchestrator: take the largest, never the sum. While the store is away there is none.
/// </summary>
internal sealed class DemandGauge : BackgroundService
{
    public const string Name = "diffusion.queue.cost";
    public const string ServiceTag = "diffusion.service";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Meter _meter = new("Diffusion.Mesh.Orchestrator");
    private readonly DemandReader _reader;
    private readonly TimeProvider _time;
    private volatile ScalingDemand? _demand;

    public DemandGauge(DemandReader reader, TimeProvider time)
    {
        (_reader, _time) = (reader, time);
        _meter.CreateObservableGauge(Name, Measure, "s", "Work that waits or runs, in seconds of one worker.");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (; ; await Task.Delay(Every, _time, stoppingToken))
        {
            try
            {
                _demand = await _reader.ReadAsync(stoppingToken);
            }
            catch (StateUnavailableException)
            {
                // Whoever needs the store tells that it is away.
                _demand = null;
            }
        }
    }

    private IEnumerable<Measurement<double>> Measure() => _demand is not { } demand ? [] :
    [
        .. Enum.GetValues<WorkerRole>().Select(role => new Measurement<double>(demand.Of(role), new KeyValuePair<string, object?>(ServiceTag, ScalerTrigger.Name(role)))),
    ];
}
