namespace Diffusion.Mesh.State;

/// <content>What owners write.</content>
public sealed partial class MemoryJobStore
{
    /// <inheritdoc/>
    public Task<RenewalResult> RenewAsync(
        string owner, IReadOnlyCollection<LeaseRenewal> leases, TimeSpan lease, CancellationToken cancellation)
    {
        ArgumentCheck.Lease(owner, lease);
        return Do(cancellation, now =>
        {
            var (lost, cancelled) = (new List<string>(), new List<string>());
            foreach (var renewal in leases)
            {
                if (Held(renewal.Id, renewal.Epoch) is not { } job)
                {
                    lost.Add(renewal.Id);
                    continue;
                }

                (job.LeaseEnd, job.Completed) = (now + lease, Math.Max(job.Completed, renewal.Completed));
                if (job.CancelRequested)
                    cancelled.Add(renewal.Id);
            }

            return new RenewalResult(lost, cancelled);
        });
    }

    /// <inheritdoc/>
    public Task<bool> CheckpointAsync(
        string id, long epoch, ReadOnlyMemory<byte> checkpoint, int position, IReadOnlyList<JobEvent> events, CancellationToken cancellation)
    {
        ArgumentCheck.Events(events);
        return Write(id, epoch, cancellation, job =>
        {
            job.Store(checkpoint, position);
            foreach (var news in events)
                job.Tell(news);
        });
    }

    /// <inheritdoc/>
    public Task<bool> PublishAsync(string id, long epoch, JobEvent news, CancellationToken cancellation)
    {
        ArgumentCheck.Events([news]);
        return Write(id, epoch, cancellation, job => job.Tell(news));
    }

    /// <inheritdoc/>
    public Task<bool> PublishTransientAsync(string id, long epoch, JobEvent news, CancellationToken cancellation) =>
        PublishAsync(id, epoch, news, cancellation);

    /// <inheritdoc/>
    public Task<bool> CompleteAsync(string id, long epoch, JobEnd end, CancellationToken cancellation)
    {
        ArgumentCheck.End(end);
        return Do(cancellation, now =>
        {
            if (Held(id, epoch) is not { } job)
                return _jobs.Find(id) is { HasEnded: true } ended && ended.EndedBy == epoch;
            foreach (var news in end.Events)
                job.Tell(news);
            Finish(job, end, now);
            job.EndedBy = epoch;
            return true;
        });
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(string id, long epoch, CancellationToken cancellation) => Do(cancellation, _ =>
    {
        if (_jobs.Find(id) is not { State: JobState.Running } job || job.Epoch != epoch)
            return false;
        job.LeaseEnd = DateTimeOffset.MinValue;
        _signals.Work();
        return true;
    });

    /// <inheritdoc/>
    public Task<int?> ReportKillAsync(string id, long epoch, int attempt, CancellationToken cancellation) => Do(cancellation, _ =>
    {
        if (Held(id, epoch) is not { } job)
            return (int?)null;
        job.Kills.Add((epoch, attempt));
        return job.Kills.Count;
    });

    private Task<bool> Write(string id, long epoch, CancellationToken cancellation, Action<MemoryJob> write) => Do(cancellation, _ =>
    {
        if (Held(id, epoch) is not { } job)
            return false;
        write(job);
        return true;
    });

    private MemoryJob? Held(string id, long epoch) => _jobs.Find(id) is { } job && job.IsHeld(epoch) ? job : null;
}
