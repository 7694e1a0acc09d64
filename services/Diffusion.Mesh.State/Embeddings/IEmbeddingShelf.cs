namespace Diffusion.Mesh.State;

/// <summary>Where <see cref="EmbeddingCache"/> keeps its values. Nothing here throws but for cancellation: what cannot be reached is empty and takes nothing.</summary>
internal interface IEmbeddingShelf : IAsyncDisposable
{
    /// <summary>Looks for each key; one that is not there becomes the caller's to encode unless it is another's already.</summary>
    /// <param name="caller">Tells callers apart, in all processes.</param>
    Task<ShelfPlace[]> TakeAsync(IReadOnlyList<string> keys, string caller, CancellationToken cancellation);

    /// <summary>Keeps the keys the caller's until the answer is disposed.</summary>
    IAsyncDisposable Hold(IReadOnlyList<string> keys, string caller);

    /// <summary>Stores values, as many as the budget has room for, and gives up the keys.</summary>
    /// <returns>Bytes that the shelf holds now; null: unknown.</returns>
    Task<long?> PutAsync(IReadOnlyList<(string Key, ReadOnlyMemory<byte> Value)> values, string caller, CancellationToken cancellation);

    /// <summary>Gives up keys without values.</summary>
    Task AbandonAsync(IReadOnlyList<string> keys, string caller);

    /// <summary>Forgets a value.</summary>
    Task DropAsync(string key, CancellationToken cancellation);

    /// <summary>Waits for a moment in which others may have put something there.</summary>
    Task WaitAsync(IReadOnlyList<string> keys, CancellationToken cancellation);
}

/// <summary>What a shelf has for a key.</summary>
/// <param name="Value">Null: nothing.</param>
/// <param name="Mine">Without a value: the caller is to encode it; else somebody else does.</param>
internal readonly record struct ShelfPlace(ReadOnlyMemory<byte>? Value, bool Mine);
