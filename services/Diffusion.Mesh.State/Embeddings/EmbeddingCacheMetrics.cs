using System.Diagnostics.Metrics;

namespace Diffusion.Mesh.State;

/// <summary>Counts what <see cref="EmbeddingCacheNames"/> names.</summary>
internal sealed class EmbeddingCacheMetrics
{
    private readonly Counter<long> _hits;
    private readonly Counter<long> _misses;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _read;
    private readonly Counter<long> _written;
    private long _size;

    public EmbeddingCacheMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EmbeddingCacheNames.Meter);
        _hits = meter.CreateCounter<long>(EmbeddingCacheNames.Hits, "{look-up}", "Look-ups whose embedding was there, or was waited for.");
        _misses = meter.CreateCounter<long>(EmbeddingCacheNames.Misses, "{look-up}", "Look-ups whose embedding was encoded.");
        _dropped = meter.CreateCounter<long>(EmbeddingCacheNames.Dropped, "{value}", "Embeddings that could not be used and were dropped.");
        _read = meter.CreateCounter<long>(EmbeddingCacheNames.Read, "By", "Embeddings that were read.");
        _written = meter.CreateCounter<long>(EmbeddingCacheNames.Written, "By", "Embeddings that were written.");
        meter.CreateObservableGauge(EmbeddingCacheNames.Size, () => Interlocked.Read(ref _size), "By", "What the cache held after the last write of this process.");
    }

    public void Hit(long bytes)
    {
        _hits.Add(1);
        _read.Add(bytes);
    }

    public void Miss(int count) => _misses.Add(count);

    public void Drop() => _dropped.Add(1);

    public void Write(long bytes, long? size)
    {
        _written.Add(bytes);
        if (size is { } known)
            Interlocked.Exchange(ref _size, known);
    }
}
