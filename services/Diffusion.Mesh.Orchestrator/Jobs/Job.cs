using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Why a run stops before its end.</summary>
internal enum StopReason
{
    None,

    /// <summary>Its tenant cancelled it.</summary>
    Cancelled,

    /// <summary>Another owner has the job: whatever this run made goes nowhere.</summary>
    Lost,

    /// <summary>This orchestrator drains: another goes on from the last state.</summary>
    HandedOver,
}

/// <summary>A job that this orchestrator has the lease of, on its way to becoming pictures.</summary>
internal sealed class Job : IAsyncDisposable
{
    // How long a worker has for giving a job back.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _handOver = new();
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _either;
    private int _reason;
    private int _handBacks;

    /// <param name="request">As parsed from the claimed job's spec.</param>
    /// <param name="interval">States are written this far apart, at least.</param>
    /// <param name="kept">Called with the size of each state that the store has taken.</param>
    public Job(
        ClaimedJob claimed, ValidRequest request, IJobStore store, TimeSpan interval, Action<int> kept, ServiceTelemetry telemetry, TimeProvider time)
    {
        (Id, Tenant, Epoch, Request, Accepted, Deadline) = (claimed.Id, claimed.Tenant, claimed.Epoch, request, claimed.Submitted, claimed.Deadline);
        CompletedBefore = claimed.Completed;
        Trace = ActivityContext.TryParse(claimed.TraceParent, claimed.TraceState, isRemote: true, out var trace) ? trace : default;
        Checkpoint = claimed.Checkpoint is { } bytes ? JobCheckpoint.Parser.ParseFrom(bytes.Span) : null;
        Kills = claimed.Kills;
        _stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Steps = new StepSpans(telemetry, Epoch);
        Outbox = new JobOutbox(store, claimed, interval, () => Stop(StopReason.Lost), Kept, time);
        var remaining = Deadline - time.GetUtcNow();
        _deadline = new CancellationTokenSource(remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _deadline.Token);

        void Kept(JobCheckpoint checkpoint, int bytes)
        {
            Steps.Written(checkpoint);
            kept(bytes);
        }
        Cancellation = _either.Token;
    }

    public string Id { get; }

    /// <summary>Whose it is.</summary>
    public string Tenant { get; }

    /// <summary>Model evaluations that earlier owners are known to have made.</summary>
    public int CompletedBefore { get; }

    /// <summary>The lease's fencing epoch.</summary>
    public long Epoch { get; }

    public ValidRequest Request { get; }

    /// <summary>By the store's clock.</summary>
    public DateTimeOffset Accepted { get; }

    public DateTimeOffset Deadline { get; }

    /// <summary>The span that the job's spans are below.</summary>
    public ActivityContext Trace { get; }

    /// <summary>Where an earlier owner stopped; null: the run begins.</summary>
    public JobCheckpoint? Checkpoint { get; }

    /// <summary>Workers that it killed so far, under earlier owners too.</summary>
    public int Kills { get; private set; }

    /// <summary>Takes what happens on the way.</summary>
    public JobOutbox Outbox { get; }

    /// <summary>The spans of its model evaluations.</summary>
    public StepSpans Steps { get; }

    /// <summary>The finished pictures, in the order of their index.</summary>
    public List<StoredPicture> Pictures { get; } = [];

    /// <summary>Cancelled by <see cref="Stop"/> and when the deadline passes.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Why it was stopped, by the first who did.</summary>
    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    /// <summary>Ends the run within one step.</summary>
    public void Stop(StopReason reason)
    {
        // A lost lease goes before everything: there is nothing to end any more.
        if (reason == StopReason.Lost)
            Volatile.Write(ref _reason, (int)reason);
        else
            Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None);
        try
        {
            _handOver.Cancel();
            if (reason == StopReason.HandedOver && Volatile.Read(ref _handBacks) > 0)
                _stop.CancelAfter(Patience);
            else
                _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    /// <summary>While the result is not disposed, a worker may be asked to give the job back before it is cancelled.</summary>
    /// <param name="ask">Called at most once, when the job is to be handed over; at once where it is already.</param>
    public IDisposable OnHandOver(Action ask)
    {
        Interlocked.Increment(ref _handBacks);
        return new HandBack(this, _handOver.Token.Register(() =>
        {
            if (Reason == StopReason.HandedOver)
                ask();
        }));
    }

    /// <summary>A worker died while it ran this job.</summary>
    /// <param name="attempt">The call's attempt, from 1.</param>
    public void ReportKill(WorkerRole role, int attempt)
    {
        Kills++;
        // One number for the attempts of all roles.
        Outbox.ReportKill((attempt * Enum.GetValues<WorkerRole>().Length) + (int)role);
    }

    /// <summary>Why the run ended, in words for its tenant.</summary>
    public Exception Why(Exception error)
    {
        // A worker's call tells of its cancellation in its own way.
        if (error is not (OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded }))
            return error;
        return Reason == StopReason.Cancelled ? new RpcException(new Status(StatusCode.Cancelled, $"Job {Id} was cancelled."))
            : _deadline.IsCancellationRequested ? new RpcException(new Status(StatusCode.DeadlineExceeded, $"The deadline of job {Id} passed."))
            : error;
    }

    public async ValueTask DisposeAsync()
    {
        await Outbox.DisposeAsync();
        Steps.Dispose();
        _either.Dispose();
        _deadline.Dispose();
        _stop.Dispose();
        _handOver.Dispose();
    }

    private sealed class HandBack(Job job, CancellationTokenRegistration registration) : IDisposable
    {
        public void Dispose()
        {
            registration.Dispose();
            Interlocked.Decrement(ref job._handBacks);
        }
    }
}
