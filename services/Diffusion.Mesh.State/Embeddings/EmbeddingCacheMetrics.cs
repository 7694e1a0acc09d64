using System.Diagnostics.Metrics;

namespace Diffusion.Mesh.State;

/// <summary>Counts what <see cref="EmbeddingCacheNames"/> names.</summary>
internal sealed class EmbeddingCacheMetrics : IDisposable
{
    private readonly Counter<long> _hits;
    private readonly Counter<long> _misses;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _read;
    private readonly Counter<long> _written;
    private long _size;

    public EmbeddingCacheMetrics()
    {
        _hits = Meter.CreateCounter<long>(EmbeddingCacheNames.Hits, "{look-up}");
        _misses = Meter.CreateCounter<long>(EmbeddingCacheNames.Misses, "{look-up}");
        _dropped = Meter.CreateCounter<long>(EmbeddingCacheNames.Dropped, "{value}");
        _read = Meter.CreateCounter<long>(EmbeddingCacheNames.Read, "By");
        _written = Meter.CreateCounter<long>(EmbeddingCacheNames.Written, "By");
        Meter.CreateObservableGauge(EmbeddingCacheNames.Size, () => Interlocked.Read(ref _size), "By");
    }

    public Meter Meter { get; } = new(EmbeddingCacheNames.Meter);

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

    public void Dispose() => Meter.Dispose();
}
