using System.Diagnostics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The spans of look-ups that are made together, beside each other below the current span; each ends when it is known whether it is a hit.</summary>
internal sealed class CacheSpans : IDisposable
{
    private readonly Activity?[] _spans;

    public CacheSpans(ServiceTelemetry telemetry, int count)
    {
        var parent = Activity.Current;
        _spans = new Activity?[count];
        for (var i = 0; i < count; i++)
        {
            _spans[i] = telemetry.Start(TelemetryNames.CacheSpan);
            Activity.Current = parent;
        }
    }

    public void End(IEnumerable<int> indices, bool hit)
    {
        var current = Activity.Current;
        foreach (var index in indices)
        {
            _spans[index]?.SetTag(TelemetryNames.CacheHit, hit).Dispose();
            _spans[index] = null;
        }

        // Stopping a span makes its parent the current one.
        Activity.Current = current;
    }

    /// <summary>Ends what was never answered.</summary>
    public void Dispose()
    {
        foreach (var span in _spans)
            span?.Dispose();
    }
}
