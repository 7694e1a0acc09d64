namespace Diffusion.Mesh.State;

/// <summary>What became of a submission.</summary>
public enum SubmitOutcome
{
    /// <summary>The job is in the queue.</summary>
    Accepted,

    /// <summary>A job of this request id and hash is there already: <see cref="SubmitResult.JobId"/>. Nothing was stored.</summary>
    Existing,

    /// <summary>A job of this request id but of another hash is there. Nothing was stored.</summary>
    Conflict,

    /// <summary>The whole queue, or the tenant's part of it, is full. Try again after <see cref="SubmitResult.RetryAfter"/>.</summary>
    QueueFull,

    /// <summary>The tenant's cost per minute is used up. Try again after <see cref="SubmitResult.RetryAfter"/>.</summary>
    QuotaExceeded,

    /// <summary>The store's memory is full: new work is refused so that running work can end. Try again after <see cref="SubmitResult.RetryAfter"/>.</summary>
    StoreFull,
}

/// <summary>The answer to a submission.</summary>
/// <param name="JobId">The accepted or existing job; for a conflict the one that is there; else empty.</param>
/// <param name="RetryAfter">For refusals: when it makes sense to try again. Else zero.</param>
public readonly record struct SubmitResult(SubmitOutcome Outcome, string JobId, TimeSpan RetryAfter);
