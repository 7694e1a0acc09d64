using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Unet;

/// <summary>What an engine has in work, what still fits in, and where its time goes.</summary>
internal sealed class EngineGauges : IHostMetrics
{
    public EngineGauges(ServiceMeter meter, StepEngine engine, ServiceOptions options)
    {
        meter.Gauge(TelemetryNames.Metrics.RowsWorking, "row", "Rows of all jobs in work.", () => engine.Load.Rows);
        meter.Gauge(TelemetryNames.Metrics.RowsFree, "row", "Rows that the next pass could still take, of the shape with most room.", () => Free(engine.Load, options));
        Seconds(meter, TelemetryNames.Metrics.EngineWorking, "Time with something to do.", () => engine.Times.Working);
        Seconds(meter, TelemetryNames.Metrics.EngineForward, "Time inside forward passes.", () => engine.Times.Running);
    }

    private static long Free(EngineLoad load, ServiceOptions options) => load.Shapes.Count == 0 ? options.MaxRows : load.Shapes.Max(shape => shape.FreeRows);

    private static void Seconds(ServiceMeter meter, string name, string description, Func<TimeSpan> read) =>
        meter.Meter.CreateObservableCounter(name, () => read().TotalSeconds, "s", description);
}
