using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>One try of a call at one worker.</summary>
internal sealed class WorkerAttempt : IDisposable
{
    private readonly WorkerPlace _place;
    private readonly CancellationTokenSource _cancellation;

    public WorkerAttempt(WorkerCall call, int number, WorkerPlace place)
    {
        (Call, Number, _place) = (call, number, place);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, place.Lost);
    }

    public WorkerCall Call { get; }

    public Worker Worker => _place.Worker;

    /// <summary>From 1.</summary>
    public int Number { get; }

    /// <summary>The fencing epoch that workers see.</summary>
    public ulong Epoch => Call.EpochOf(Number);

    public CallInvoker Invoker => Worker.Invoker;

    /// <summary>Cancelled with the call, and when the worker falls silent.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>For the gRPC call.</summary>
    public CallOptions Options => new(deadline: Call.Deadline.UtcDateTime, cancellationToken: Cancellation);

    /// <summary>The worker has said that it runs the work.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>The worker fell silent, and nothing else ended the attempt.</summary>
    public bool IsLost => _place.Lost.IsCancellationRequested && !Call.Cancellation.IsCancellationRequested;

    /// <summary>To be called when the worker says that it runs the work: should it die from here on, the work may be why.</summary>
    public void Accept() => IsAccepted = true;

    public void Dispose()
    {
        _cancellation.Dispose();
        _place.Dispose();
    }
}
