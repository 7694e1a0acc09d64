using System.Diagnostics;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// The spans of the latest generations, kept in memory whether traces are exported and sampled or not: a generation can be looked at without any other tool.
/// A generation is what is below the call that asked for it, in this process; calls that ask for none are forgotten when they end.
/// </summary>
/// <remarks>
/// Jobs that run here have <see cref="Capacity"/> places, the latest claimed wins; those that wait, or run elsewhere, have 1,024 of their own. A trace has at
/// most 4,096 spans, all together 65,536: for more, the oldest trace gives way.
/// </remarks>
public sealed class TraceRing : IDisposable
{
    private const int MostWaiting = 1024;
    private const int MostSpans = 1 << 16;
    private const string Sources = "Diffusion.Mesh.";

    private readonly Lock _lock = new();
    private readonly Dictionary<ActivitySpanId, RingTrace> _members = [];
    private readonly Dictionary<string, RingTrace> _jobs = [];
    private readonly LinkedList<RingTrace> _waiting = [];
    private readonly LinkedList<RingTrace> _claimed = [];
    private readonly ActivitySource _own;
    private readonly ActivityListener? _listener;

    /// <param name="telemetry">Of the service that generations are asked of; other services' spans join those of its own.</param>
    public TraceRing(ServiceTelemetry telemetry, ServiceOptions options)
    {
        (_own, Capacity) = (telemetry.Source, options.TraceRing);
        if (Capacity == 0)
            return;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith(Sources, StringComparison.Ordinal),
            Sample = Sample,
            ActivityStarted = OnStarted,
            ActivityStopped = OnStopped,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Generations that are kept; 0: none.</summary>
    public int Capacity { get; }

    /// <summary>A job was accepted.</summary>
    /// <param name="call">The span that its spans are below.</param>
    public void Accept(string jobId, string tenant, ActivityContext call)
    {
        if (Capacity == 0 || call == default)
            return;
        lock (_lock)
            Enter(jobId, tenant, call);
    }

    /// <summary>A job begins to run here, accepted here or elsewhere.</summary>
    /// <inheritdoc cref="Accept"/>
    public void Claim(string jobId, string tenant, ActivityContext call)
    {
        if (Capacity == 0 || call == default)
            return;
        lock (_lock)
        {
            var trace = Enter(jobId, tenant, call);
            trace.Place!.List!.Remove(trace.Place);
            if (_claimed.Count == Capacity)
                Remove(_claimed.First!.Value);
            _claimed.AddLast(trace.Place);
        }
    }

    /// <summary>The spans of a job that have ended, by their start; none where the job is not known.</summary>
    /// <param name="tenant">Whose job it has to be; null: anybody's.</param>
    public IReadOnlyList<RecordedSpan> Find(string jobId, string? tenant = null)
    {
        Activity[] spans = [];
        lock (_lock)
        {
            if (_jobs.TryGetValue(jobId, out var trace) && (tenant is null || trace.Tenant == tenant))
                spans = trace.Ended();
        }

        return [.. spans.Select(RingTrace.Record).OrderBy(span => span.Start)];
    }

    /// <summary>The generations that were claimed here last, the latest first.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="tenant">Whose they have to be; null: anybody's.</param>
    public IReadOnlyList<TraceSummary> Recent(int most, string? tenant = null)
    {
        lock (_lock)
            return [.. _claimed.Reverse().Where(t => tenant is null || t.Tenant == tenant).Select(t => t.Summary()).OfType<TraceSummary>().Take(most)];
    }

    /// <inheritdoc/>
    public void Dispose() => _listener?.Dispose();

    // What is no part of a generation is left to the other listeners.
    private ActivitySamplingResult Sample(ref ActivityCreationOptions<ActivityContext> options)
    {
        if (IsCall(options.Source, options.Kind))
            return ActivitySamplingResult.AllData;
        lock (_lock)
            return _members.ContainsKey(options.Parent.SpanId) ? ActivitySamplingResult.AllData : ActivitySamplingResult.None;
    }

    // A call never joins the trace that it names: whose that is, its caller only says.
    private bool IsCall(ActivitySource source, ActivityKind kind) => kind == ActivityKind.Server && ReferenceEquals(source, _own);

    private void OnStarted(Activity span)
    {
        lock (_lock)
        {
            if (IsCall(span.Source, span.Kind))
                Join(NewTrace(), span.SpanId);
            else if (_members.TryGetValue(span.ParentSpanId, out var trace))
                Join(trace, span.SpanId);
        }
    }

    private void OnStopped(Activity span)
    {
        lock (_lock)
        {
            if (!_members.TryGetValue(span.SpanId, out var trace))
                return;
            if (trace.JobId is null && IsCall(span.Source, span.Kind))
                Remove(trace);
            else
                trace.Add(span);
        }
    }

    private RingTrace Enter(string jobId, string tenant, ActivityContext call)
    {
        if (_jobs.TryGetValue(jobId, out var known))
            return known;
        if (!_members.TryGetValue(call.SpanId, out var trace))
            Join(trace = NewTrace(), call.SpanId);
        (trace.JobId, trace.Tenant) = (trace.JobId ?? jobId, tenant);
        return _jobs[jobId] = trace;
    }

    private RingTrace NewTrace()
    {
        if (_waiting.Count == MostWaiting)
            Remove(_waiting.First!.Value);
        var trace = new RingTrace();
        trace.Place = _waiting.AddLast(trace);
        return trace;
    }

    private void Join(RingTrace trace, ActivitySpanId span)
    {
        while (_members.Count >= MostSpans && (_claimed.First ?? _waiting.First)!.Value is var oldest && oldest != trace)
            Remove(oldest);
        if (trace.Members.Count >= RingTrace.MostSpans || _members.Count >= MostSpans || !_members.TryAdd(span, trace))
            trace.LeftOut++;
        else
            trace.Members.Add(span);
    }

    private void Remove(RingTrace trace)
    {
        trace.Place!.List!.Remove(trace.Place);
        foreach (var span in trace.Members)
            _members.Remove(span);
        if (trace.JobId is { } job)
            _jobs.Remove(job);
    }
}
