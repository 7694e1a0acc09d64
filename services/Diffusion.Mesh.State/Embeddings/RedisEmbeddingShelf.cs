using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Diffusion.Mesh.State;

/// <summary>A shelf that processes share. While Redis is away it is empty.</summary>
internal sealed partial class RedisEmbeddingShelf(RedisConnection redis, long budget, TimeProvider time, ILogger logger) : IEmbeddingShelf
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _lock = TimeSpan.FromSeconds(2);

    public async Task<ShelfPlace[]> TakeAsync(IReadOnlyList<string> keys, string caller, CancellationToken cancellation)
    {
        var answer = await RunAsync(RedisScript.EmbeddingTake, [caller, (long)_lock.TotalMilliseconds, .. Names(keys)], cancellation);
        if (answer is null)
            return [.. keys.Select(_ => new ShelfPlace(null, true))];
        return [.. ((RedisValue[])answer!).Chunk(2).Select(place => new ShelfPlace(JobFields.Bytes(place[0]), (int)place[1] == 1))];
    }

    public IAsyncDisposable Hold(IReadOnlyList<string> keys, string caller) => new Holding(this, keys, caller);

    public async Task<long?> PutAsync(
        IReadOnlyList<(string Key, ReadOnlyMemory<byte> Value)> values, string caller, CancellationToken cancellation)
    {
        RedisValue[] arguments = [caller, budget, .. values.SelectMany(value => new RedisValue[] { value.Key, value.Value.ToArray() })];
        var size = await RunAsync(RedisScript.EmbeddingPut, arguments, cancellation);
        if (size is not null)
            return (long)size;
        // It may have been too much for Redis's memory, and others wait.
        await AbandonAsync([.. values.Select(value => value.Key)], caller);
        return null;
    }

    public Task AbandonAsync(IReadOnlyList<string> keys, string caller) =>
        RunAsync(RedisScript.EmbeddingHold, [caller, 0, .. Names(keys)], CancellationToken.None);

    public Task DropAsync(string key, CancellationToken cancellation) => RunAsync(RedisScript.EmbeddingDrop, [key], cancellation);

    public Task WaitAsync(IReadOnlyList<string> keys, CancellationToken cancellation) => Task.Delay(_poll, time, cancellation);

    public ValueTask DisposeAsync() => redis.DisposeAsync();

    private TimeProvider Time => time;

    private static IEnumerable<RedisValue> Names(IReadOnlyList<string> keys) => keys.Select(key => (RedisValue)key);

    private async Task<RedisResult?> RunAsync(RedisScript script, RedisValue[] arguments, CancellationToken cancellation)
    {
        try
        {
            return await redis.RunAsync(script, TimeSpan.Zero, arguments, cancellation, _patience);
        }
        catch (Exception e) when (e is StateUnavailableException or RedisServerException)
        {
            LogAway(e.Message);
            return null;
        }
    }

    [LoggerMessage(220, LogLevel.Warning, "The embedding cache cannot be used, prompts are encoded anew: {Problem}")]
    private partial void LogAway(string problem);

    /// <summary>Renews the locks while their owner encodes; when it dies they are free after <see cref="_lock"/>.</summary>
    private sealed class Holding : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _renewing;

        public Holding(RedisEmbeddingShelf shelf, IReadOnlyList<string> keys, string caller) => _renewing = RenewAsync(shelf, keys, caller);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _renewing;
            _stop.Dispose();
        }

        private async Task RenewAsync(RedisEmbeddingShelf shelf, IReadOnlyList<string> keys, string caller)
        {
            try
            {
                while (true)
                {
                    await Task.Delay(_lock / 3, shelf.Time, _stop.Token);
                    await shelf.RunAsync(RedisScript.EmbeddingHold, [caller, (long)_lock.TotalMilliseconds, .. Names(keys)], _stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}
