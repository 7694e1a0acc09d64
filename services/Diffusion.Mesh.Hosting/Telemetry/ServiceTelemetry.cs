using System.Diagnostics;

namespace Diffusion.Mesh.Hosting;

/// <summary>A service's one source of spans.</summary>
public sealed class ServiceTelemetry(string sourceName) : IDisposable
{
    /// <summary>The source.</summary>
    public ActivitySource Source { get; } = new(sourceName);

    /// <summary>Starts a span below the current one; null when nobody listens.</summary>
    public Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>
    /// Starts a span below one of another process. Where it is not sampled what follows stands below that all the same, so that nobody further on takes it for
    /// the beginning of a trace and decides anew.
    /// </summary>
    /// <returns>Null when nobody listens.</returns>
    public Activity? Start(string name, ActivityKind kind, ActivityContext parent, params ActivityLink[] links) =>
        Source.StartActivity(name, kind, parent, links: links) ?? (parent == default || !Source.HasListeners() ? null : Unsampled(name, parent));

    /// <summary>Starts a span of work that several traces share: below the first that is sampled, and linked to all.</summary>
    /// <param name="parents">One at least.</param>
    public Activity? StartShared(string name, params IReadOnlyList<ActivityContext> parents)
    {
        var parent = parents.FirstOrDefault(p => p.TraceFlags.HasFlag(ActivityTraceFlags.Recorded), parents[0]);
        return Source.StartActivity(name, ActivityKind.Internal, parent, links: parents.Count == 1 ? null : parents.Select(p => new ActivityLink(p)));
    }

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();

    // Of no source: nobody hears of it.
    private static Activity Unsampled(string name, ActivityContext parent)
    {
        var carrier = new Activity(name) { TraceStateString = parent.TraceState };
        return carrier.SetParentId(parent.TraceId, parent.SpanId, ActivityTraceFlags.None).Start();
    }
}
