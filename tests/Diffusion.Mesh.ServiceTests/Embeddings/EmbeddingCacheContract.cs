using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>What every embedding cache does.</summary>
public abstract class EmbeddingCacheContract
{
    private readonly string _key = EmbeddingKey.For(Shapes.Facts, new TextOptions(), Guid.NewGuid().ToString());

    private protected abstract IEmbeddingCache Cache { get; }

    [Fact]
    public async Task Get_UnknownKey_IsNull() => Assert.Null(await Cache.GetAsync(_key, default));

    [Fact]
    public async Task Get_AfterSet_GivesTheBytes()
    {
        byte[] value = [0, 255, 10, 13, 0];

        await Cache.SetAsync(_key, value, default);

        Assert.Equal(value, await Cache.GetAsync(_key, default));
    }

    [Fact]
    public async Task Set_Again_ReplacesTheValue()
    {
        await Cache.SetAsync(_key, [1], default);
        await Cache.SetAsync(_key, [2, 3], default);

        Assert.Equal([2, 3], await Cache.GetAsync(_key, default));
    }

    [Fact]
    public async Task Set_EmptyValue_IsAValue()
    {
        await Cache.SetAsync(_key, [], default);

        Assert.Empty((await Cache.GetAsync(_key, default))!);
    }

    [Fact]
    public async Task Set_FromManyAtOnce_KeepsAWholeValue()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(async () =>
            await Cache.SetAsync(_key, [.. Enumerable.Repeat((byte)i, 1000)], default))));

        var value = await Cache.GetAsync(_key, default);
        Assert.Equal(1000, value!.Length);
        Assert.Single(value.Distinct());
    }
}
