using Diffusion.Mesh.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Diffusion.Mesh.State.Tests;

/// <summary>The contract over a real Redis, with two connections; after each test every key has a time-to-live.</summary>
public sealed class RedisEmbeddingCacheTests(RedisServer server) : EmbeddingCacheContract, IClassFixture<RedisServer>
{
    private readonly string _prefix = $"test:{Guid.NewGuid():N}";
    private readonly List<IAsyncDisposable> _open = [];
    private RedisConnection? _connection;
    private EmbeddingCache? _one;
    private EmbeddingCache? _two;

    private protected override EmbeddingCache One => _one!;

    private protected override EmbeddingCache Two => _two!;

    private RedisConnection Connection => _connection!;

    public override Task InitializeAsync()
    {
        (_connection, _one) = Open(server, _prefix);
        (_, _two) = Open(server, _prefix);
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await Connection.AssertAllKeysExpireAsync();
        foreach (var open in _open)
            await open.DisposeAsync();
    }

    [Fact]
    public async Task GetOrAdd_UsedValue_StaysLongerThanUnusedOnes()
    {
        foreach (var key in new[] { "a", "b", "c" })
            await IsHitAsync(One, key, fill: 1);
        // As if the last uses were hours ago: a use is noted once a minute.
        foreach (var (key, hours) in new[] { ("a", 5), ("b", 4), ("c", 3) })
            await RunAsync("ZADD", Key("embeddings"), DateTimeOffset.UtcNow.AddHours(-hours).ToUnixTimeMilliseconds(), key);

        Assert.True(await IsHitAsync(One, "a", fill: 1));
        await IsHitAsync(One, "d", fill: 1);

        Assert.True(await IsHitAsync(Two, "a", fill: 1));
        Assert.False(await IsHitAsync(Two, "b", fill: 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("MSH1garbage of a fitting length")]
    public async Task GetOrAdd_CorruptValue_IsEncodedAnewAndMended(string corrupt)
    {
        await IsHitAsync(One, "a", fill: 1);
        await RunAsync("SET", Key("embedding:a"), corrupt, "PX", 100000);

        Assert.False(await IsHitAsync(Two, "a", fill: 1));
        Assert.True(await IsHitAsync(One, "a", fill: 1));
    }

    [Fact]
    public async Task GetOrAdd_OneByteChanged_IsEncodedAnew()
    {
        await IsHitAsync(One, "a", fill: 1);
        await RunAsync("SETRANGE", Key("embedding:a"), 500, "x");

        Assert.False(await IsHitAsync(One, "a", fill: 1));
    }

    [Fact]
    public async Task GetOrAdd_HolderOfTheLockDied_IsEncodedWhenTheLockExpires()
    {
        await RunAsync("SET", Key("embedding-lock:a"), "somebody", "PX", 300);

        Assert.False(await IsHitAsync(One, "a", fill: 1));
        Assert.True(await IsHitAsync(Two, "a", fill: 1));
    }

    [Fact]
    public async Task GetOrAdd_ExpiredValues_LeaveTheIndex()
    {
        await IsHitAsync(One, "a", fill: 1);
        await RunAsync("DEL", Key("embedding:a"));
        await RunAsync("ZADD", Key("embeddings"), 1, "a");

        await IsHitAsync(One, "b", fill: 1);

        Assert.Equal("1008", (string)(await RunAsync("HGET", Key("embedding-sizes"), ""))!);
    }

    [Fact]
    public async Task GetOrAdd_RedisGoesAndComesBack_FailsNobody()
    {
        var own = new RedisServer();
        await own.InitializeAsync();
        try
        {
            var (_, cache) = Open(own, "test");
            await IsHitAsync(cache, "a", fill: 1);
            await own.StopAsync();
            Assert.False(await IsHitAsync(cache, "a", fill: 1));
            Assert.False(await IsHitAsync(cache, "a", fill: 1));

            await own.StartAgainAsync();

            await Jobs.EventuallyAsync(() => IsHitAsync(cache, "a", fill: 1));
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task GetOrAdd_FullRedis_FailsNobody()
    {
        var full = RedisServer.With("--maxmemory", "1");
        await full.InitializeAsync();
        try
        {
            var (connection, cache) = Open(full, "test");

            Assert.False(await IsHitAsync(cache, "a", fill: 1));
            Assert.False(await IsHitAsync(cache, "a", fill: 1));
            await connection.AssertAllKeysExpireAsync();
        }
        finally
        {
            await full.DisposeAsync();
        }
    }

    private (RedisConnection Connection, EmbeddingCache Cache) Open(RedisServer at, string prefix)
    {
        var connection = at.Connect(prefix);
        var cache = EmbeddingCache.OnRedis(connection, Budget, TimeProvider.System, NullLogger<EmbeddingCache>.Instance, Meters);
        _open.Add(cache);
        return (connection, cache);
    }

    private string Key(string name) => $"{_prefix}:{name}";

    private Task<StackExchange.Redis.RedisResult> RunAsync(string command, params object[] arguments) =>
        Connection.ExecuteAsync(TimeSpan.FromSeconds(5), command, arguments, default);
}
