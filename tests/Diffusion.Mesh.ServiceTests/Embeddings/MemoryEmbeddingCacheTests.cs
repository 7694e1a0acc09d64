using Diffusion.Mesh.Orchestrator;

namespace Diffusion.Mesh.ServiceTests;

public sealed class MemoryEmbeddingCacheTests : EmbeddingCacheContract
{
    private protected override IEmbeddingCache Cache { get; } = new MemoryEmbeddingCache(10_000);

    [Fact]
    public async Task Set_BudgetFull_DropsWhatWasUsedLongestAgo()
    {
        var cache = new MemoryEmbeddingCache(30);
        foreach (var key in new[] { "a", "b", "c" })
            await cache.SetAsync(key, new byte[10], default);

        await cache.GetAsync("a", default);
        await cache.SetAsync("d", new byte[10], default);

        Assert.Equal(["a", "c", "d"], await PresentAsync(cache));
    }

    [Fact]
    public async Task Set_LargeValue_DropsAsManyAsItNeeds()
    {
        var cache = new MemoryEmbeddingCache(30);
        foreach (var key in new[] { "a", "b", "c" })
            await cache.SetAsync(key, new byte[10], default);

        await cache.SetAsync("d", new byte[15], default);

        Assert.Equal(["c", "d"], await PresentAsync(cache));
    }

    [Fact]
    public async Task Set_ValueOverTheBudget_IsNotKeptAndCostsNothing()
    {
        var cache = new MemoryEmbeddingCache(30);
        await cache.SetAsync("a", new byte[30], default);

        await cache.SetAsync("b", new byte[31], default);

        Assert.Equal(["a"], await PresentAsync(cache));
    }

    [Fact]
    public async Task Set_Replaced_CountsTheNewSizeOnly()
    {
        var cache = new MemoryEmbeddingCache(30);
        for (var i = 0; i < 10; i++)
            await cache.SetAsync("a", new byte[20], default);

        await cache.SetAsync("b", new byte[10], default);

        Assert.Equal(["a", "b"], await PresentAsync(cache));
    }

    private static async Task<IEnumerable<string>> PresentAsync(MemoryEmbeddingCache cache)
    {
        var present = new List<string>();
        foreach (var key in new[] { "a", "b", "c", "d" })
        {
            if (await cache.GetAsync(key, default) is not null)
                present.Add(key);
        }

        return present;
    }
}
