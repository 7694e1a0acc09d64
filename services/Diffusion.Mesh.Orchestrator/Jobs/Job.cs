using System.Diagnostics;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A request on its way to becoming pictures.</summary>
internal sealed class Job : IDisposable
{
    private readonly CancellationTokenSource _cancelled;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _either;

    public Job(string id, ValidRequest request, DateTimeOffset deadline, ActivityContext trace, TimeProvider time)
    {
        (Id, Request, Deadline, Trace) = (id, request, deadline, trace);
        Accepted = time.GetUtcNow();
        Events = new JobEvents(id);
        var remaining = deadline - Accepted;
        _cancelled = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _deadline = new CancellationTokenSource(remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_cancelled.Token, _deadline.Token);
        Cancellation = _either.Token;
    }

    public string Id { get; }

    public ValidRequest Request { get; }

    public DateTimeOffset Accepted { get; }

    public DateTimeOffset Deadline { get; }

    /// <summary>The span that the job's spans are below.</summary>
    public ActivityContext Trace { get; }

    public JobEvents Events { get; }

    /// <summary>Cancelled by <see cref="Cancel"/> and when the deadline passes.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Ends the job within one step.</summary>
    public void Cancel() => Quietly(_cancelled.Cancel);

    /// <summary>Ends the job after a while.</summary>
    public void CancelAfter(TimeSpan delay) => Quietly(() => _cancelled.CancelAfter(delay));

    /// <summary>Why the job ended, for its readers.</summary>
    public Exception Reason(Exception error)
    {
        // A worker's call tells of its cancellation in its own way.
        if (error is not (OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded }))
            return error;
        return _deadline.IsCancellationRequested ? new RpcException(new Status(StatusCode.DeadlineExceeded, $"The deadline of job {Id} passed."))
            : _cancelled.IsCancellationRequested ? new RpcException(new Status(StatusCode.Cancelled, $"Job {Id} was cancelled."))
            : error;
    }

    public void Dispose()
    {
        _either.Dispose();
        _deadline.Dispose();
        _cancelled.Dispose();
    }

    // A cancellation may come when the job has just ended.
    private static void Quietly(Action cancel)
    {
        try
        {
            cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
