using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>How many jobs this orchestrator runs, and how many it may.</summary>
internal sealed class JobGauges : IHostMetrics
{
    public JobGauges(ServiceMeter meter, JobPlaces places, ServiceOptions options)
    {
        meter.Gauge(TelemetryNames.Metrics.JobsHeld, "job", "Jobs that this orchestrator runs.", () => places.Taken);
        meter.Gauge(TelemetryNames.Metrics.JobPlaces, "job", "Jobs that this orchestrator may run at once.", () => options.Running);
    }
}
