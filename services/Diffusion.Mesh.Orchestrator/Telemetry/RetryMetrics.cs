using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Counts calls of workers that are tried again, for another reason than want of room.</summary>
internal sealed class RetryMetrics(ServiceMeter meter) : IHostMetrics
{
    private readonly Counter<long> _retries = meter.Counter(TelemetryNames.Metrics.WorkerRetries, "call", "Calls of workers that were tried again.");

    /// <inheritdoc/>
    public void Begin()
    {
        foreach (var role in Enum.GetValues<WorkerRole>())
            Add(role, 0);
    }

    /// <summary>A call of this role is tried again.</summary>
    public void Retried(WorkerRole role) => Add(role, 1);

    private void Add(WorkerRole role, long count) => _retries.Add(count, new KeyValuePair<string, object?>(TelemetryNames.Service, WorkerGauges.Service(role)));
}
