using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Workers;

/// <summary>The calls that a worker has, those that it takes, and those that it refused for want of room.</summary>
internal sealed class AdmissionGauges : IHostMetrics
{
    public AdmissionGauges(ServiceMeter meter, Admission admission, ServiceOptions options)
    {
        meter.Gauge(TelemetryNames.Metrics.WorkerCalls, "call", "Calls that have a place.", () => admission.Admitted);
        meter.Gauge(TelemetryNames.Metrics.WorkerCapacity, "call", "Calls that this worker takes at once.", () => options.Capacity);
        meter.Meter.CreateObservableCounter(
            TelemetryNames.Metrics.WorkerRefused, () => admission.Refused, "{call}", "Calls that were refused since the worker was full.");
    }
}
