using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Vae;

/// <summary>How long picture files take: the one stage of generations that nobody but the VAE sees.</summary>
internal sealed class PictureMetrics(ServiceMeter meter, TimeProvider time)
{
    private readonly Histogram<double> _duration = meter.Seconds(TelemetryNames.Metrics.StageDuration, "Duration of the stages of generations.");

    /// <summary>Measures the writing of a file; one that fails is our own fault, and told by the call.</summary>
    public byte[] Measure(string model, Func<byte[]> write)
    {
        var started = time.GetTimestamp();
        var file = write();
        _duration.Record(
            time.GetElapsedTime(started).TotalSeconds, new(TelemetryNames.Stage, TelemetryNames.PictureStage), new KeyValuePair<string, object?>(TelemetryNames.Model, model));
        return file;
    }
}
