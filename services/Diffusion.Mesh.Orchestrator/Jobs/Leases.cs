using System.Collections.Concurrent;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// The leases of the jobs that run here: renewed each third of their time. A store that is away changes nothing: the jobs go on until it says, when it is back,
/// that another owner has them.
/// </summary>
internal sealed partial class Leases(IJobStore store, ServiceOptions options, TimeProvider time, ILogger<Leases> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Id, long Epoch), Job> _jobs = new();
    private readonly SemaphoreSlim _renewing = new(1);
    private long _renewed = time.GetTimestamp();

    /// <summary>Who holds them: another one for each start of a process, so that nobody renews the leases of one that is gone.</summary>
    public string Owner { get; } = $"{new string([.. options.Name.Where(char.IsAscii).Take(64)])}-{Guid.NewGuid():n}";

    /// <summary>The jobs whose leases are held.</summary>
    public ICollection<Job> Jobs => _jobs.Values;

    /// <summary>Holds a lease from now on.</summary>
    public void Add(Job job) => _jobs[(job.Id, job.Epoch)] = job;

    /// <summary>Holds it no more.</summary>
    public void Remove(Job job) => _jobs.TryRemove((job.Id, job.Epoch), out _);

    /// <summary>Renews in time, until cancelled.</summary>
    public async Task RenewAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(options.Lease / 3, time, stop);
            await RenewNowAsync(stop);
        }
    }

    /// <summary>
    /// Renews where that is overdue. To be called before claiming: after a pause of the whole process a claim would else take its own jobs over from itself.
    /// </summary>
    public Task CatchUpAsync(CancellationToken stop) => time.GetElapsedTime(Volatile.Read(ref _renewed)) > options.Lease / 2 ? RenewNowAsync(stop) : Task.CompletedTask;

    /// <summary>Stops those that their tenants cancel, as it happens, until cancelled.</summary>
    public async Task HearCancellationsAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await foreach (var id in store.CancellationsAsync(stop))
                    Stop([id], StopReason.Cancelled);
            }
            catch (StateUnavailableException)
            {
                // Renewals tell of cancellations, too.
            }

            await Task.Delay(Pause, time, stop);
        }
    }

    private async Task RenewNowAsync(CancellationToken stop)
    {
        await _renewing.WaitAsync(stop);
        try
        {
            LeaseRenewal[] leases = [.. _jobs.Values.Select(job => new LeaseRenewal(job.Id, job.Epoch, job.Outbox.Completed))];
            if (leases.Length > 0)
            {
                var result = await store.RenewAsync(Owner, leases, options.Lease, stop);
                Stop(result.CancelRequested, StopReason.Cancelled);
                Stop(result.Lost, StopReason.Lost, leases);
            }

            Volatile.Write(ref _renewed, time.GetTimestamp());
        }
        catch (StateUnavailableException e)
        {
            LogAway(_jobs.Count, e.Message);
        }
        finally
        {
            _renewing.Release();
        }
    }

    private void Stop(IReadOnlyCollection<string> ids, StopReason reason, LeaseRenewal[]? asked = null)
    {
        foreach (var job in _jobs.Values.Where(job => ids.Contains(job.Id)))
        {
            // Only what was asked for is lost: meanwhile this process may have claimed the same job anew.
            if (asked is null || asked.Any(lease => lease.Id == job.Id && lease.Epoch == job.Epoch))
                job.Stop(reason);
        }
    }

    [LoggerMessage(206, LogLevel.Warning, "The leases of {Count} jobs could not be renewed; they go on: {Reason}")]
    private partial void LogAway(int count, string reason);
}
