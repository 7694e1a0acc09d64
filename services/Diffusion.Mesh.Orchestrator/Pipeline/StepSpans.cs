using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// A span for each model evaluation, with the worker's own times. Made here, so that a worker's death loses none; and made once it is known whether the store
/// took the state after it, at the latest when the job leaves. What dies with this process is then no more than what the next owner does again.
/// </summary>
internal sealed class StepSpans(ServiceTelemetry telemetry, long epoch) : IDisposable
{
    private readonly Lock _lock = new();
    private List<PendingStep> _pending = [];

    /// <summary>An evaluation was reported.</summary>
    /// <param name="parent">The span that its own is below; default: nobody traces.</param>
    /// <param name="attempt">The owner's attempt, from 1.</param>
    public void Add(Evaluation evaluation, string worker, int attempt, ActivityContext parent)
    {
        if (parent == default || !telemetry.Source.HasListeners())
            return;
        lock (_lock)
            _pending.Add(new PendingStep(evaluation, worker, attempt, parent));
    }

    /// <summary>A state was handed to the outbox.</summary>
    /// <param name="attempt">The attempt that it comes from.</param>
    public void Offer(JobCheckpoint checkpoint, int attempt)
    {
        lock (_lock)
        {
            if (_pending.FindLast(s => s.Attempt == attempt && s.Evaluation.Index + 1 == checkpoint.State.Position) is { } step)
                step.State = checkpoint;
        }
    }

    /// <summary>The store took a state. Those before it were taken earlier, or never will be.</summary>
    public void Written(JobCheckpoint checkpoint)
    {
        List<PendingStep> decided = [];
        lock (_lock)
        {
            var index = _pending.FindIndex(s => s.State == checkpoint);
            decided = _pending[..(index + 1)];
            _pending = _pending[(index + 1)..];
        }

        foreach (var step in decided)
            Make(step, isKept: step.State == checkpoint);
    }

    /// <summary>No more evaluations come: all but those whose state may still be written are decided.</summary>
    public void Settle()
    {
        List<PendingStep> decided;
        lock (_lock)
        {
            decided = _pending.FindAll(s => s.State is null);
            _pending = _pending.FindAll(s => s.State is not null);
        }

        foreach (var step in decided)
            Make(step, isKept: false);
    }

    /// <summary>Nothing more is written.</summary>
    public void Dispose()
    {
        List<PendingStep> decided;
        lock (_lock)
            (decided, _pending) = (_pending, []);
        foreach (var step in decided)
            Make(step, isKept: false);
    }

    private void Make(PendingStep step, bool isKept)
    {
        var evaluation = step.Evaluation;
        // The pass may have been shared with other jobs: it has a span of its own, which links to all of them.
        ActivityLink[]? links = ActivityContext.TryParse(evaluation.ForwardSpan, null, isRemote: true, out var forward) ? [new(forward)] : null;
        using var span = telemetry.Source.StartActivity(
            TelemetryNames.StepSpan, ActivityKind.Internal, step.Parent, links: links, startTime: evaluation.Started.ToDateTimeOffset());
        span?.SetTag(TelemetryNames.StepIndex, (int)evaluation.Index)
            .SetTag(TelemetryNames.Timestep, evaluation.Timestep)
            .SetTag(TelemetryNames.Sigma, evaluation.Sigma)
            .SetTag(TelemetryNames.Rows, (int)evaluation.Rows)
            .SetTag(TelemetryNames.BatchRows, (int)evaluation.BatchRows)
            .SetTag(TelemetryNames.Worker, step.Worker)
            .SetTag(TelemetryNames.Attempt, step.Attempt)
            .SetTag(TelemetryNames.Epoch, epoch)
            .SetTag(TelemetryNames.Checkpoint, isKept)
            .SetEndTime(evaluation.Ended.ToDateTime());
    }

    private sealed record PendingStep(Evaluation Evaluation, string Worker, int Attempt, ActivityContext Parent)
    {
        /// <summary>The state after it, where one was handed to the outbox.</summary>
        public JobCheckpoint? State { get; set; }
    }
}
