using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.State;

/// <summary>The cache over any shelf: validation, single flight and counting.</summary>
public sealed partial class EmbeddingCache : IEmbeddingCache, IAsyncDisposable
{
    // Longer than any prompt takes to encode, also behind a queue.
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(30);

    private readonly IEmbeddingShelf _shelf;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EmbeddingCacheMetrics _metrics;

    internal EmbeddingCache(IEmbeddingShelf shelf, TimeProvider time, ILogger logger, IMeterFactory meters) =>
        (_shelf, _time, _logger, _metrics) = (shelf, time, logger, new EmbeddingCacheMetrics(meters));

    /// <summary>A cache in this process.</summary>
    /// <param name="budget">Bytes that values may take, above 0.</param>
    public static EmbeddingCache InMemory(long budget, TimeProvider time, ILogger<EmbeddingCache> logger, IMeterFactory meters) =>
        new(new MemoryEmbeddingShelf(budget), time, logger, meters);

    /// <summary>A cache that all processes share which use this Redis.</summary>
    /// <param name="redis">From now on the cache's own, and closed with it: large values hold up nobody else's calls.</param>
    /// <param name="budget">Bytes that values may take, above 0; the least of all processes' counts.</param>
    public static EmbeddingCache OnRedis(RedisConnection redis, long budget, TimeProvider time, ILogger<EmbeddingCache> logger, IMeterFactory meters) =>
        new(new RedisEmbeddingShelf(redis, budget, time, logger), time, logger, meters);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CachedValue>> GetOrAddAsync(
        IReadOnlyList<string> keys, Func<ReadOnlyMemory<byte>, bool> isValid,
        Func<IReadOnlyList<int>, CancellationToken, Task<IReadOnlyList<ReadOnlyMemory<byte>>>> encode, CancellationToken cancellation)
    {
        var caller = Guid.NewGuid().ToString("N");
        var values = new CachedValue?[keys.Count];
        var begun = _time.GetTimestamp();
        while (Missing(values) is { Length: > 0 } missing)
        {
            var places = await _shelf.TakeAsync([.. missing.Select(i => keys[i])], caller, cancellation);
            var mine = new List<int>();
            foreach (var (index, place) in missing.Zip(places))
            {
                if (place.Value is { } value)
                    values[index] = await UsableAsync(keys[index], value, isValid, cancellation);
                else if (place.Mine || _time.GetElapsedTime(begun) > _longestWait)
                    mine.Add(index);
            }

            if (mine.Count > 0)
                await EncodeAsync(keys, values, mine, caller, encode, cancellation);
            else if (Missing(values).Length == missing.Length && !places.Any(place => place.Value is not null))
                await _shelf.WaitAsync([.. missing.Select(i => keys[i])], cancellation);
        }

        return [.. values.Select(value => value!.Value)];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _shelf.DisposeAsync();

    private static int[] Missing(CachedValue?[] values) => [.. Enumerable.Range(0, values.Length).Where(i => values[i] is null)];

    private async Task<CachedValue?> UsableAsync(
        string key, ReadOnlyMemory<byte> stored, Func<ReadOnlyMemory<byte>, bool> isValid, CancellationToken cancellation)
    {
        if (CheckedBytes.Read(stored) is { } value && isValid(value))
        {
            _metrics.Hit(stored.Length);
            return new CachedValue(value, true);
        }

        LogDropped(key);
        _metrics.Drop();
        await _shelf.DropAsync(key, cancellation);
        return null;
    }

    private async Task EncodeAsync(
        IReadOnlyList<string> keys, CachedValue?[] values, List<int> mine, string caller,
        Func<IReadOnlyList<int>, CancellationToken, Task<IReadOnlyList<ReadOnlyMemory<byte>>>> encode, CancellationToken cancellation)
    {
        string[] own = [.. mine.Select(i => keys[i])];
        var stored = false;
        try
        {
            IReadOnlyList<ReadOnlyMemory<byte>> encoded;
            await using (_shelf.Hold(own, caller))
                encoded = await encode(mine, cancellation);
            if (encoded.Count != mine.Count)
                throw new InvalidOperationException($"{encoded.Count} embeddings were made for {mine.Count} keys.");
            _metrics.Miss(mine.Count);
            foreach (var (index, value) in mine.Zip(encoded))
                values[index] = new CachedValue(value, false);
            var written = own.Zip(encoded, (key, value) => (Key: key, Value: (ReadOnlyMemory<byte>)CheckedBytes.Write(value))).ToArray();
            var size = await _shelf.PutAsync(written, caller, cancellation);
            stored = true;
            if (size is not null)
                _metrics.Write(written.Sum(value => (long)value.Value.Length), size);
        }
        finally
        {
            if (!stored)
                await _shelf.AbandonAsync(own, caller);
        }
    }

    [LoggerMessage(221, LogLevel.Warning, "The cached embedding {Key} could not be used; it is encoded anew")]
    private partial void LogDropped(string key);
}
