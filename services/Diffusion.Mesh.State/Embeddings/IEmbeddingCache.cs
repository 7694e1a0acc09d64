namespace Diffusion.Mesh.State;

/// <summary>
/// Remembers tensors as raw bytes for the whole cluster, the least recently used leaving first when the byte budget is full. A cache that cannot be reached has
/// nothing, and fails nobody.
/// </summary>
public interface IEmbeddingCache
{
    /// <summary>
    /// The value of a key, or what <paramref name="encode"/> makes of it. Of many who ask for the same key at once, in any process, one encodes and the others
    /// wait for it; where it takes too long or dies, the next encodes.
    /// </summary>
    /// <param name="key">Ours alone: what the value depends on, hashed; never a prompt.</param>
    /// <param name="isValid">Whether a stored value can be read (shape, type). One that cannot, or whose checksum is wrong, is dropped and encoded anew.</param>
    /// <param name="encode">Makes the value; its exceptions reach the caller.</param>
    Task<CachedValue> GetOrAddAsync(
        string key, Func<ReadOnlyMemory<byte>, bool> isValid, Func<CancellationToken, Task<ReadOnlyMemory<byte>>> encode, CancellationToken cancellation);
}

/// <summary>A value, and whether it was there.</summary>
public readonly record struct CachedValue(ReadOnlyMemory<byte> Bytes, bool Hit);
