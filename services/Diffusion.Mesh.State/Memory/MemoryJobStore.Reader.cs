using System.Runtime.CompilerServices;

namespace Diffusion.Mesh.State;

/// <content>What tenants and metrics read.</content>
public sealed partial class MemoryJobStore
{
    /// <inheritdoc/>
    public Task<JobInfo?> GetAsync(string tenant, string id, CancellationToken cancellation) => Do(cancellation, now =>
        Present(tenant, id, now) is { } job ? job.Info(job.State == JobState.Queued ? _queue.Position(job) : null) : null);

    /// <inheritdoc/>
    public Task<JobPage> ListAsync(string tenant, JobState? state, int pageSize, string pageToken, CancellationToken cancellation)
    {
        ArgumentCheck.Page(pageSize);
        var before = ArgumentCheck.PageToken(pageToken);
        return Do(cancellation, now =>
        {
            _jobs.Prune(now);
            var found = _jobs.All.Where(job => job.Submission.Tenant == tenant && job.Arrival < before && (state is null || job.State == state))
                .OrderByDescending(job => job.Arrival).Take(pageSize + 1).ToArray();
            var page = found.Take(pageSize).ToArray();
            return new JobPage([.. page.Select(job => job.Info())], found.Length > pageSize ? $"{page[^1].Arrival}" : "");
        });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JobUpdate> WatchAsync(
        string tenant, string id, long afterSequence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var job = await Do(cancellation, now => Present(tenant, id, now));
        if (job is null)
            yield break;
        Interlocked.Increment(ref job.Watchers);
        try
        {
            while (true)
            {
                var (update, changed) = await Do(cancellation, _ => (Next(job, afterSequence), job.Changed));
                if (update is null)
                {
                    await changed.WaitAsync(cancellation);
                    continue;
                }

                yield return update;
                if (update.End is not null)
                    yield break;
                afterSequence = update.Event!.Sequence;
            }
        }
        finally
        {
            Interlocked.Decrement(ref job.Watchers);
        }
    }

    /// <inheritdoc/>
    public Task<bool> IsWatchedAsync(string id, CancellationToken cancellation) =>
        Do(cancellation, _ => _jobs.Find(id) is { } job && Volatile.Read(ref job.Watchers) > 0);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> ReadResultAsync(string tenant, string id, int index, CancellationToken cancellation) => Do(cancellation, now =>
        Result(Present(tenant, id, now), index));

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> ReadAnyResultAsync(string id, int index, CancellationToken cancellation) => Do(cancellation, now =>
    {
        _jobs.Prune(now);
        return Result(_jobs.Find(id), index);
    });

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation) => Do(cancellation, ReadOnlyMemory<byte> (_) => _signingKey);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ActiveJob>> ActiveAsync(int most, CancellationToken cancellation)
    {
        ArgumentCheck.Page(most);
        return Do<IReadOnlyList<ActiveJob>>(cancellation, _ =>
        [
            .. new[] { JobState.Running, JobState.Queued }.SelectMany(state => _jobs.All.Where(job => job.State == state).OrderBy(job => job.Arrival).Take(most))
                .Select(job => new ActiveJob(job.Info(), job.Owner)),
        ]);
    }

    /// <inheritdoc/>
    public Task<StoreCounts> CountAsync(CancellationToken cancellation) => Do(cancellation, _ =>
    {
        var tenants = _queue.Tenants.Where(tenant => tenant.Waiting.Count + tenant.Running.Count > 0)
            .Select(tenant => new TenantUse(tenant.Name, tenant.Waiting.Count, tenant.Running.Count, tenant.RunningCost))
            .OrderBy(tenant => tenant.Tenant, StringComparer.Ordinal).ToArray();
        var models = _jobs.All.Where(job => !job.HasEnded).GroupBy(job => job.Submission.Model, StringComparer.Ordinal)
            .Select(jobs => new ModelUse(jobs.Key, jobs.Count(), jobs.Sum(job => job.CostLeft))).OrderBy(use => use.Model, StringComparer.Ordinal).ToArray();
        return new StoreCounts(_queue.Count, tenants.Sum(tenant => tenant.Running), tenants, models);
    });

    private static ReadOnlyMemory<byte>? Result(MemoryJob? job, int index) =>
        job?.End is { } end && index >= 0 && index < end.Results.Count ? end.Results[index] : (ReadOnlyMemory<byte>?)null;

    private static JobUpdate? Next(MemoryJob job, long after) =>
        job.Next(after) is { } news ? new JobUpdate(news, null) : job.HasEnded ? new JobUpdate(null, job.Info()) : null;

    private MemoryJob? Present(string tenant, string id, DateTimeOffset now)
    {
        _jobs.Prune(now);
        return _jobs.Find(tenant, id);
    }
}
