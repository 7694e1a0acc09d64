using Microsoft.Extensions.Logging.Abstractions;

namespace Diffusion.Mesh.State.Tests;

/// <summary>The contract in one process.</summary>
public sealed class MemoryEmbeddingCacheTests : EmbeddingCacheContract
{
    private readonly EmbeddingCache _cache;

    public MemoryEmbeddingCacheTests() =>
        _cache = EmbeddingCache.InMemory(Budget, TimeProvider.System, NullLogger<EmbeddingCache>.Instance, Meters);

    private protected override EmbeddingCache One => _cache;

    private protected override EmbeddingCache Two => _cache;

    public override Task InitializeAsync() => Task.CompletedTask;

    public override async Task DisposeAsync() => await _cache.DisposeAsync();

    [Fact]
    public async Task GetOrAdd_UsedValue_StaysLongerThanUnusedOnes()
    {
        foreach (var key in new[] { "a", "b", "c", "a", "d" })
            await IsHitAsync(One, key, fill: 1);

        Assert.True(await IsHitAsync(One, "a", fill: 1));
        Assert.False(await IsHitAsync(One, "b", fill: 1));
    }
}
