using StackExchange.Redis;

namespace Diffusion.Mesh.State;

/// <content>What owners write. Each script looks at the epoch first.</content>
public sealed partial class RedisJobStore
{
    // News that are late are old.
    private static readonly TimeSpan _transientPatience = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task<RenewalResult> RenewAsync(
        string owner, IReadOnlyCollection<LeaseRenewal> leases, TimeSpan lease, CancellationToken cancellation)
    {
        ArgumentCheck.Lease(owner, lease);
        RedisValue[] arguments =
            [owner, Milliseconds(lease), .. leases.SelectMany(renewal => new RedisValue[] { renewal.Id, renewal.Epoch, renewal.Completed })];
        var answer = (RedisResult[])(await redis.RunAsync(RedisScript.Renew, Patience, arguments, cancellation))!;
        return new RenewalResult((string[])answer[0]!, (string[])answer[1]!);
    }

    /// <inheritdoc/>
    public Task<bool> CheckpointAsync(
        string id, long epoch, ReadOnlyMemory<byte> checkpoint, int position, IReadOnlyList<JobEvent> events, CancellationToken cancellation)
    {
        ArgumentCheck.Events(events);
        return WriteAsync(RedisScript.Checkpoint, [id, epoch, checkpoint.ToArray(), position, .. Packets(events)], cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> PublishAsync(string id, long epoch, JobEvent news, CancellationToken cancellation)
    {
        ArgumentCheck.Events([news]);
        return WriteAsync(RedisScript.Publish, [id, epoch, .. Packets([news])], cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> PublishTransientAsync(string id, long epoch, JobEvent news, CancellationToken cancellation)
    {
        ArgumentCheck.Events([news]);
        try
        {
            return (bool)await redis.RunAsync(
                RedisScript.PublishTransient, TimeSpan.Zero, [id, epoch, EventPacket.Write(news)], cancellation, _transientPatience);
        }
        catch (StateUnavailableException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public Task<bool> CompleteAsync(string id, long epoch, JobEnd end, CancellationToken cancellation)
    {
        ArgumentCheck.End(end);
        RedisValue[] arguments =
        [
            id, epoch, JobFields.Name(end.State), end.Status, end.Detail, Milliseconds(end.Retention), end.Events.Count,
            .. Packets(end.Events), .. end.Results.Select(result => (RedisValue)result.ToArray()),
        ];
        return WriteAsync(RedisScript.Complete, arguments, cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(string id, long epoch, CancellationToken cancellation) => WriteAsync(RedisScript.Release, [id, epoch], cancellation);

    /// <inheritdoc/>
    public async Task<int?> ReportKillAsync(string id, long epoch, int attempt, CancellationToken cancellation)
    {
        var count = (int)await redis.RunAsync(RedisScript.ReportKill, LongPatience, [id, epoch, attempt], cancellation);
        return count < 0 ? null : count;
    }

    private async Task<bool> WriteAsync(RedisScript script, RedisValue[] arguments, CancellationToken cancellation) =>
        (bool)await redis.RunAsync(script, LongPatience, arguments, cancellation);

    private static IEnumerable<RedisValue> Packets(IReadOnlyList<JobEvent> events) =>
        events.SelectMany(news => new RedisValue[] { news.Slot, EventPacket.Write(news) });
}
