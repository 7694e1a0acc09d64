using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Diffusion.Mesh.ServiceTests;

public sealed class RedisEmbeddingCacheTests(RedisServer redis) : EmbeddingCacheContract, IClassFixture<RedisServer>, IDisposable
{
    private readonly RedisEmbeddingCache _cache = Connect(redis.Address);

    private protected override IEmbeddingCache Cache => _cache;

    [Fact]
    public async Task Set_AnotherOrchestrator_SeesTheValue()
    {
        using var other = Connect(redis.Address);
        await _cache.SetAsync("shared", [1, 2], default);

        Assert.Equal([1, 2], await other.GetAsync("shared", default));
    }

    [Fact]
    public async Task Set_Value_HasATimeToLive()
    {
        await _cache.SetAsync("mortal", [1], default);

        using var plain = await ConnectionMultiplexer.ConnectAsync(redis.Address);
        var left = await plain.GetDatabase().KeyTimeToLiveAsync("mortal");

        Assert.InRange(left!.Value, TimeSpan.FromDays(6), TimeSpan.FromDays(7));
    }

    [Fact]
    public async Task GetAndSet_NobodyListens_MissWithoutFailing()
    {
        using var cache = Connect(OrchestratorSetup.Nobody.Authority);

        await cache.SetAsync("key", [1], default);

        Assert.Null(await cache.GetAsync("key", default));
    }

    [Fact]
    public async Task GetAndSet_RedisDiesAndComesBack_MissAndThenHitAgain()
    {
        var own = new RedisServer();
        await own.InitializeAsync();
        try
        {
            using var cache = Connect(own.Address);
            await cache.SetAsync("key", [1], default);
            var before = await cache.GetAsync("key", default);

            await own.StopAsync();
            await cache.SetAsync("key", [2], default);
            var without = await cache.GetAsync("key", default);

            await own.StartAgainAsync();
            await UntilAsync(async () =>
            {
                await cache.SetAsync("key", [3], default);
                return await cache.GetAsync("key", default) is [3];
            });

            Assert.Equal([1], before);
            Assert.Null(without);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    public void Dispose() => _cache.Dispose();

    private static RedisEmbeddingCache Connect(string address) => new(
        new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Redis = address }, NullLogger<RedisEmbeddingCache>.Instance);

    // The client looks for its server again in its own time, and tells nobody.
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var patience = Patience.Token;
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience);
    }
}
