using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>How an attempt ended without a result, where another one may have it.</summary>
internal enum AttemptEnd
{
    /// <summary>The worker drains.</summary>
    HandedBack,

    /// <summary>The worker has no room, and said what it has.</summary>
    Full,

    /// <summary>The worker could not be reached, refused, or fell silent.</summary>
    Failed,

    /// <summary>The worker died while it ran the work.</summary>
    Died,
}

/// <summary>An attempt that ended without a result, and why.</summary>
internal sealed record AttemptFailure(AttemptEnd End, Uri Address, StatusCode Code, string Detail)
{
    /// <summary>What an error means for the call; null where another attempt would end the same.</summary>
    public static AttemptFailure? Of(WorkerAttempt attempt, Exception error)
    {
        var address = attempt.Worker.Address;
        if (attempt.IsLost)
            return new AttemptFailure(AttemptEnd.Failed, address, StatusCode.Unavailable, "It fell silent.");
        if (error is not RpcException rpc || !IsWorthAnother(rpc))
            return null;
        var end = RichErrors.Load(rpc) is not null ? AttemptEnd.Full : IsDeath(attempt, rpc) ? AttemptEnd.Died : AttemptEnd.Failed;
        return new AttemptFailure(end, address, rpc.StatusCode, rpc.Status.Detail);
    }

    /// <summary>The work came back.</summary>
    public static AttemptFailure HandedBack(WorkerAttempt attempt) =>
        new(AttemptEnd.HandedBack, attempt.Worker.Address, StatusCode.Unavailable, "It is draining.");

    // Internal with an I/O error inside is a connection that broke in the middle of a call.
    private static bool IsWorthAnother(RpcException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.NotFound
        || (error.StatusCode == StatusCode.Internal && error.Status.DebugException is IOException or HttpRequestException);

    // A connection that was refused is none that broke, and what a worker says of itself it has lived to say.
    private static bool IsDeath(WorkerAttempt attempt, RpcException error) =>
        attempt.Call.TellsAcceptance
            ? attempt.IsAccepted && error.StatusCode is (StatusCode.Unavailable or StatusCode.Internal)
            : IsBroken(error.Status.DebugException);

    private static bool IsBroken(Exception? error) => error is IOException || (error is not null && IsBroken(error.InnerException));
}
