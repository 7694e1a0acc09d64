using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace Diffusion.Mesh.State;

/// <content>What tenants and metrics read.</content>
public sealed partial class RedisJobStore
{
    // Where no news come they are looked for: messages are lost with a connection.
    private static readonly TimeSpan _pollInterval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<JobInfo?> GetAsync(string tenant, string id, CancellationToken cancellation)
    {
        var answer = await redis.RunAsync(RedisScript.Get, Patience, [tenant, id], cancellation);
        if (answer.IsNull)
            return null;
        var parts = (RedisResult[])answer!;
        return JobFields.Info(id, parts[0], (int)parts[1]);
    }

    /// <inheritdoc/>
    public async Task<JobPage> ListAsync(string tenant, JobState? state, int pageSize, string pageToken, CancellationToken cancellation)
    {
        ArgumentCheck.Page(pageSize);
        var before = ArgumentCheck.PageToken(pageToken);
        RedisValue[] arguments = [tenant, state is { } only ? JobFields.Name(only) : "", pageSize, before == long.MaxValue ? "+inf" : $"{before}"];
        var answer = (RedisResult[])(await redis.RunAsync(RedisScript.List, Patience, arguments, cancellation))!;
        var jobs = ((RedisResult[])answer[0]!).Select(pair => (RedisResult[])pair!).Select(pair => JobFields.Info((string)pair[0]!, pair[1]));
        return new JobPage([.. jobs], (string)answer[1]!);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JobUpdate> WatchAsync(
        string tenant, string id, long afterSequence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var mailbox = new EventMailbox(afterSequence, time);
        // First the channel, then what is stored: nothing falls between.
        await using var channel = await redis.SubscribeAsync(redis.Keys.News(id), mailbox.Post, cancellation);
        var job = await LoadAsync(mailbox, tenant, id, cancellation);
        while (job is not null)
        {
            while (!mailbox.NeedsLoad && mailbox.Take() is { } news)
                yield return new JobUpdate(news, null);
            if (job.Ended is not null && !mailbox.NeedsLoad)
            {
                yield return new JobUpdate(null, job);
                yield break;
            }

            if (!mailbox.NeedsLoad && await mailbox.WaitAsync(_pollInterval, cancellation) && !mailbox.NeedsLoad)
                continue;
            job = await LoadAsync(mailbox, tenant, id, cancellation)
                ?? throw new StateUnavailableException($"Job {id} is gone from the store: it expired, or the store lost it.");
        }
    }

    /// <inheritdoc/>
    public async Task<bool> IsWatchedAsync(string id, CancellationToken cancellation)
    {
        var answer = (RedisResult[])(await redis.ExecuteAsync(Patience, "PUBSUB", ["NUMSUB", (string)redis.Keys.News(id)!], cancellation))!;
        return (long)answer[1] > 0;
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadResultAsync(string tenant, string id, int index, CancellationToken cancellation)
    {
        return JobFields.Bytes((RedisValue)await redis.RunAsync(RedisScript.Result, LongPatience, [tenant, id, index], cancellation));
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadAnyResultAsync(string id, int index, CancellationToken cancellation) =>
        JobFields.Bytes((RedisValue)await redis.RunAsync(RedisScript.AnyResult, LongPatience, [id, index], cancellation));

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation)
    {
        RedisValue made = RandomNumberGenerator.GetBytes(JobStoreLimits.SigningKeyBytes);
        return JobFields.Bytes((RedisValue)await redis.RunAsync(RedisScript.SigningKey, Patience, [made], cancellation))!.Value;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ActiveJob>> ActiveAsync(int most, CancellationToken cancellation)
    {
        ArgumentCheck.Page(most);
        var answer = (RedisResult[])(await redis.RunAsync(RedisScript.Active, Patience, [most], cancellation))!;
        var jobs = answer.Select(job => (RedisResult[])job!).Select(job => new ActiveJob(JobFields.Info((string)job[0]!, job[1]), (string?)job[2] ?? ""));
        return [.. jobs.OrderBy(job => job.Info.State == JobState.Queued).ThenBy(job => job.Info.Submitted)];
    }

    /// <inheritdoc/>
    public async Task<StoreCounts> CountAsync(CancellationToken cancellation)
    {
        var answer = (RedisResult[])(await redis.RunAsync(RedisScript.Count, Patience, [JobStoreLimits.CountedJobs], cancellation))!;
        var tenants = ((RedisResult[])answer[2]!).Select(use => (RedisValue[])use!)
            .Select(use => new TenantUse(use[0]!, (int)use[1], (int)use[2], (double)use[3]))
            .OrderBy(use => use.Tenant, StringComparer.Ordinal);
        var models = ((RedisResult[])answer[3]!).Select(use => (RedisValue[])use!).Select(use => new ModelUse(use[0]!, (int)use[1], (double)use[2]))
            .OrderBy(use => use.Model, StringComparer.Ordinal);
        return new StoreCounts((int)answer[0], (int)answer[1], [.. tenants], [.. models]);
    }

    private async Task<JobInfo?> LoadAsync(EventMailbox mailbox, string tenant, string id, CancellationToken cancellation)
    {
        var wanted = mailbox.BeginLoad();
        var answer = await redis.RunAsync(RedisScript.Watch, LongPatience, [tenant, id], cancellation);
        if (answer.IsNull)
            return null;
        var parts = (RedisResult[])answer!;
        mailbox.Load(wanted, (long)parts[1], ((RedisValue[])parts[2]!).Select(packet => EventPacket.Read((byte[])packet!)));
        return JobFields.Info(id, parts[0]);
    }
}
