namespace Diffusion.Mesh.State;

/// <summary>Names of the cache's metrics.</summary>
public static class EmbeddingCacheNames
{
    /// <summary>The meter of everything below.</summary>
    public const string Meter = "Diffusion.Mesh.State";

    /// <summary>Counter: look-ups whose value was there, or was waited for.</summary>
    public const string Hits = "diffusion.cache.hits";

    /// <summary>Counter: look-ups whose value was encoded.</summary>
    public const string Misses = "diffusion.cache.misses";

    /// <summary>Counter: values that could not be used and were dropped.</summary>
    public const string Dropped = "diffusion.cache.dropped";

    /// <summary>Counter, bytes: values that were read.</summary>
    public const string Read = "diffusion.cache.read";

    /// <summary>Counter, bytes: values that were written.</summary>
    public const string Written = "diffusion.cache.written";

    /// <summary>Gauge, bytes: what the cache held after the last write of this process.</summary>
    public const string Size = "diffusion.cache.size";
}
