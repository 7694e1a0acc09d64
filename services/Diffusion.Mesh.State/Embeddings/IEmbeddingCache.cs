namespace Diffusion.Mesh.State;

/// <summary>
/// Remembers tensors as raw bytes, the least recently used leaving first when the byte budget is full. A cache that cannot be reached has nothing, and fails nobody.
/// </summary>
public interface IEmbeddingCache
{
    /// <summary>
    /// The values of some keys, or what <paramref name="encode"/> makes of those that are not there. Of many who ask for the same key at once, in any process,
    /// one encodes and the others wait for it; where it dies or takes too long, another one encodes.
    /// </summary>
    /// <param name="keys">What each value depends on, hashed; never a prompt. No key twice.</param>
    /// <param name="isValid">Whether a stored value can be used (shape, type). One that cannot, or whose checksum is wrong, is dropped and encoded anew.</param>
    /// <param name="encode">Makes the values of the keys at these indices, in their order. Its exceptions reach the caller. May be called more than once, for different keys.</param>
    /// <returns>A value for each key, in order.</returns>
    Task<IReadOnlyList<CachedValue>> GetOrAddAsync(
        IReadOnlyList<string> keys, Func<ReadOnlyMemory<byte>, bool> isValid,
        Func<IReadOnlyList<int>, CancellationToken, Task<IReadOnlyList<ReadOnlyMemory<byte>>>> encode, CancellationToken cancellation);
}

/// <summary>A value, and whether it was there: also where another caller's encoding was waited for.</summary>
public readonly record struct CachedValue(ReadOnlyMemory<byte> Bytes, bool Hit);
