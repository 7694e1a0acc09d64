using System.Security.Cryptography;

namespace Diffusion.Mesh.State;

/// <summary>
/// A store in this process, by the same rules as <see cref="RedisJobStore"/>; what it holds is gone with the process. Its memory is bounded by the queue's bound and by
/// the budget for results.
/// </summary>
/// <param name="resultBytes">Bytes that ended jobs may take, above 0; beyond it those that ended first are forgotten before their time.</param>
public sealed partial class MemoryJobStore(TimeProvider time, long resultBytes = 256 << 20) : IJobStore
{
    private readonly Lock _lock = new();
    private readonly Signals _signals = new(time);
    private readonly FairQueue _queue = new();
    private readonly MemoryJobs _jobs = new(resultBytes);
    private readonly byte[] _signingKey = RandomNumberGenerator.GetBytes(JobStoreLimits.SigningKeyBytes);
    private long _arrivals;

    /// <inheritdoc/>
    public event Action<StoreEnd>? EndedAlone;

    /// <inheritdoc/>
    public Task<SubmitResult> SubmitAsync(JobSubmission submission, CancellationToken cancellation)
    {
        ArgumentCheck.Submission(submission, time.GetUtcNow());
        return Do(cancellation, now => Submit(submission, now));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimedJob>> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        ArgumentCheck.Lease(request.Owner, request.Lease);
        return Do<IReadOnlyList<ClaimedJob>>(cancellation, now =>
        {
            _jobs.Prune(now);
            _queue.Prune(now);
            Sweep(now);
            return [.. Ready(request, now).Take(request.Max).Select(job => Claim(job, request, now))];
        });
    }

    /// <inheritdoc/>
    public Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellation) => _signals.WaitForWorkAsync(atMost, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> CancellationsAsync(CancellationToken cancellation) => _signals.CancellationsAsync(cancellation);

    /// <inheritdoc/>
    public Task<bool> CancelAsync(string tenant, string id, CancellationToken cancellation) => Do(cancellation, now =>
    {
        if (_jobs.Find(tenant, id) is not { HasEnded: false } job)
            return false;
        if (job.State == JobState.Queued || job.LeaseEnd <= now)
        {
            FinishAlone(job, Cancelled(job), now);
            return true;
        }

        job.CancelRequested = true;
        _signals.Cancel(id);
        return true;
    });

    private SubmitResult Submit(JobSubmission submission, DateTimeOffset now)
    {
        if (_jobs.Find(submission.Id) is not null)
            return new SubmitResult(SubmitOutcome.Accepted, submission.Id, default);
        if (_jobs.FindRequest(submission.Tenant, submission.RequestId) is { } known)
        {
            var same = known.Submission.RequestHash.Span.SequenceEqual(submission.RequestHash.Span);
            return new SubmitResult(same ? SubmitOutcome.Existing : SubmitOutcome.Conflict, known.Id, default);
        }

        var tenant = _queue.Tenant(submission.Tenant);
        tenant.Limits = submission.Limits;
        if (_queue.Count >= submission.QueueBound || tenant.Waiting.Count >= submission.Limits.QueuedJobs)
            return new SubmitResult(SubmitOutcome.QueueFull, "", StoreEnds.RetryAfter);
        var wait = tenant.Bucket.Take(submission.Cost, submission.Limits.CostPerMinute, now);
        if (wait > TimeSpan.Zero)
            return new SubmitResult(SubmitOutcome.QuotaExceeded, "", wait);
        var job = new MemoryJob(submission, ++_arrivals, now);
        _jobs.Add(job);
        _queue.Add(job);
        _signals.Work();
        return new SubmitResult(SubmitOutcome.Accepted, submission.Id, default);
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var job in _jobs.All.Where(job => !job.HasEnded && job.LeaseEnd <= now).ToArray())
        {
            if (job.CancelRequested)
                FinishAlone(job, Cancelled(job), now);
            else if (job.Submission.Deadline <= now)
                FinishAlone(job, Ended(job, JobState.Failed, StoreEnds.DeadlineStatus, StoreEnds.Deadline), now);
        }
    }

    private IEnumerable<MemoryJob> Ready(ClaimRequest request, DateTimeOffset now)
    {
        foreach (var job in _jobs.All.Where(job => job.State == JobState.Running && job.LeaseEnd <= now
            && (request.Models is null || request.Models.Contains(job.Submission.Model))).OrderBy(job => job.LeaseEnd).ToArray())
            yield return job;
        while (_queue.Take(request.Models) is { } job)
            yield return job;
    }

    private ClaimedJob Claim(MemoryJob job, ClaimRequest request, DateTimeOffset now)
    {
        _queue.Tenant(job.Submission.Tenant).Running.Add(job);
        return job.Claim(request.Owner, now, request.Lease);
    }

    private void FinishAlone(MemoryJob job, JobEnd end, DateTimeOffset now)
    {
        Finish(job, end, now);
        EndedAlone?.Invoke(new StoreEnd(job.Submission.Id, job.Submission.Tenant, job.Submission.Model, end.State, end.Status, now - job.Submitted));
    }

    private void Finish(MemoryJob job, JobEnd end, DateTimeOffset now)
    {
        _queue.Remove(job);
        _queue.Tenant(job.Submission.Tenant).Running.Remove(job);
        job.Finish(end, now);
        _jobs.Ended(job);
        // Its tenant may have been at its limit.
        _signals.Work();
    }

    private Task<T> Do<T>(CancellationToken cancellation, Func<DateTimeOffset, T> change)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        lock (_lock)
            return Task.FromResult(change(time.GetUtcNow()));
    }

    private static JobEnd Cancelled(MemoryJob job) => Ended(job, JobState.Cancelled, StoreEnds.CancelledStatus, StoreEnds.Cancelled);

    private static JobEnd Ended(MemoryJob job, JobState state, int status, string detail) =>
        new() { State = state, Status = status, Detail = detail, Retention = job.Submission.Retention };
}
