using Diffusion.Mesh.Hosting;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What became of a call's attempts, and whether there is another one.</summary>
/// <param name="deaths">Of workers, before this call.</param>
internal sealed class CallHistory(WorkerPool pool, RetryBudget budget, RoutingOptions options, int deaths)
{
    // Of each worker the last: a call may come back to one many times.
    private readonly Dictionary<Uri, AttemptFailure> _failures = [];

    /// <summary>Attempts in a row that came to nothing.</summary>
    public int InARow { get; private set; }

    /// <summary>Workers that died while they ran the work.</summary>
    public int Deaths { get; private set; } = deaths;

    /// <summary>Notes how an attempt ended.</summary>
    /// <param name="duration">How long it lasted: one that went on for a while came to something.</param>
    /// <exception cref="ServiceException">There is no other attempt.</exception>
    public void Note(AttemptFailure failure, TimeSpan duration)
    {
        _failures[failure.Address] = failure;
        // The pool holds the call back until the worker tells of room.
        if (failure.End == AttemptEnd.Full)
            return;
        InARow = duration > options.LongestBackoff ? 1 : InARow + 1;
        if (failure.End == AttemptEnd.Died && ++Deaths >= options.MaxDeaths)
            throw new ServiceException(ServiceError.Poison, $"{Deaths} workers died while they ran this: {Details}");
        var mayRetry = failure.End == AttemptEnd.HandedBack || budget.Spend();
        if (!mayRetry || (!pool.IsFound && (InARow >= options.MaxFailures || NobodyHasTheModel())))
            throw Failure();
    }

    private string Details => string.Join("; ", _failures.Values.Select(f => $"{f.Address.Authority}: {f.Detail}"));

    private bool NobodyHasTheModel() => All(StatusCode.NotFound) && pool.Workers.All(w => _failures.ContainsKey(w.Worker.Address));

    private bool All(StatusCode code) => _failures.Values.All(f => f.Code == code);

    private ServiceException Failure()
    {
        var role = WorkerCalls.Name(pool.Role);
        if (All(StatusCode.ResourceExhausted))
            return new ServiceException(ServiceError.Full, $"Every {role} is full: {Details}");
        if (All(StatusCode.NotFound))
            return new ServiceException(ServiceError.Mismatch, $"No {role} has the model: {Details}");
        var addresses = string.Join(", ", _failures.Keys.Select(a => a.Authority));
        return new ServiceException(ServiceError.Unavailable, $"The {role} at {addresses} does not answer: {Details}");
    }
}
