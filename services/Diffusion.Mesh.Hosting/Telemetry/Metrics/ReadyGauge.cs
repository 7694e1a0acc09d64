namespace Diffusion.Mesh.Hosting;

/// <summary>1 where the service takes work, as health tells it, and 0 where not.</summary>
internal sealed class ReadyGauge : IHostMetrics
{
    public ReadyGauge(ServiceMeter meter, Readiness readiness) => meter.Meter.CreateObservableGauge(
        TelemetryNames.Metrics.Ready, () => readiness.IsReady ? 1 : 0, description: "1 where the service takes work, 0 where it loads or drains.");
}
