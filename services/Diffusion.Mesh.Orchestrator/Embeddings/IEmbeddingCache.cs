namespace Diffusion.Mesh.Orchestrator;

/// <summary>Remembers embeddings under <see cref="EmbeddingKey"/>s. A cache that cannot be reached has nothing, and fails nobody.</summary>
internal interface IEmbeddingCache
{
    /// <summary>The value, or null.</summary>
    ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellation);

    /// <summary>Keeps a value for a while.</summary>
    ValueTask SetAsync(string key, byte[] value, CancellationToken cancellation);
}
