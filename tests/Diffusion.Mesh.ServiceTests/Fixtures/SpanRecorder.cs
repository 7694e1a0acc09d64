using System.Collections.Concurrent;
using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Records the spans of one trace, which a test's call carries on: other tests of this process have traces of their own.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<Activity> _started = new();
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = new();

    /// <param name="onStart">Called on the thread that starts a span, before its work begins.</param>
    public SpanRecorder(Action<Activity>? onStart = null)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Diffusion.Mesh", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == _trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStarted = span =>
            {
                if (span.TraceId != _trace)
                    return;
                _started.Enqueue(span);
                onStart?.Invoke(span);
            },
            ActivityStopped = span =>
            {
                if (span.TraceId != _trace)
                    return;
                _stopped.Enqueue(span);
                End(span.OperationName).TrySetResult();
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The client's span, which is the parent of the trace's root here.</summary>
    public ActivitySpanId Client { get; } = ActivitySpanId.CreateRandom();

    /// <summary>W3C trace context for a call.</summary>
    public Metadata Headers => new() { { "traceparent", $"00-{_trace}-{Client}-01" } };

    public IReadOnlyList<Activity> Spans => [.. _stopped];

    /// <summary>Spans that were started and not stopped.</summary>
    public IEnumerable<Activity> Open => _started.Except(_stopped);

    public IEnumerable<Activity> Named(string name) => Spans.Where(s => s.OperationName == name);

    /// <summary>How many forward passes the UNet workers have begun.</summary>
    public int ForwardPasses => _started.Count(IsForward);

    /// <summary>When the first span of this name has ended.</summary>
    public Task WhenEnded(string name) => End(name).Task.WaitAsync(Patience.Time);

    public static bool IsForward(Activity span) =>
        span.OperationName == TelemetryNames.ForwardSpan && span.Source.Name == "Diffusion.Mesh.Unet";

    public void Dispose() => _listener.Dispose();

    private TaskCompletionSource End(string name) =>
        _ends.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
