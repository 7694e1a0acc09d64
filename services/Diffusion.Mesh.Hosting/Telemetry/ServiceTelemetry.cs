using System.Diagnostics;

namespace Diffusion.Mesh.Hosting;

/// <summary>A service's one source of spans.</summary>
public sealed class ServiceTelemetry(string sourceName) : IDisposable
{
    /// <summary>The source.</summary>
    public ActivitySource Source { get; } = new(sourceName);

    /// <summary>Starts a span below the current one; null when nobody listens.</summary>
    public Activity? Start(string name) => Source.StartActivity(name);

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();
}
