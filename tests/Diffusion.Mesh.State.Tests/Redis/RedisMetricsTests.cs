using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.State.Tests;

/// <summary>What is counted of calls to Redis, and what is said where it is away.</summary>
public sealed class RedisMetricsTests : IAsyncLifetime
{
    private readonly RedisServer _server = new();
    private readonly TestMeters _meters = new();
    private RedisConnection? _connection;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        var options = new RedisOptions { Configuration = _server.Address, Patience = TimeSpan.FromMilliseconds(200), Use = "cache" };
        _connection = new RedisConnection(options, TimeProvider.System, _meters);
    }

    public async Task DisposeAsync()
    {
        await _connection!.DisposeAsync();
        await _server.DisposeAsync();
        _meters.Dispose();
    }

    [Fact]
    public async Task Calls_AreMeasuredByWhatTheyDo()
    {
        Assert.Empty(_meters.Read(RedisMetricNames.Connected));

        await _connection!.ExecuteAsync(TimeSpan.FromSeconds(5), "PING", [], default);
        await Assert.ThrowsAsync<StateUnavailableException>(() => _connection.ExecuteAsync(TimeSpan.Zero, "GET", ["a", "b"], default));

        var calls = _meters.Of(RedisMetricNames.Duration);
        Assert.Equal([("PING", null), ("GET", "ERR")], calls.Select(c => ((string)c.Tag(RedisMetricNames.Operation)!, (string?)c.Tag(RedisMetricNames.ErrorType))));
        Assert.All(calls, c => Assert.Equal("redis", c.Tag(RedisMetricNames.System)));
        var connected = Assert.Single(_meters.Read(RedisMetricNames.Connected));
        Assert.Equal((1, "cache"), (connected.Value, connected.Tag(RedisMetricNames.Use)));
    }

    [Fact]
    public async Task Away_IsSaidInFewWordsAndCounted()
    {
        await _connection!.ExecuteAsync(TimeSpan.FromSeconds(5), "PING", [], default);
        await _server.StopAsync();

        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => _connection.ExecuteAsync(TimeSpan.Zero, "PING", [], default));

        Assert.StartsWith($"Redis at {_server.Address} cannot be used (PING): ", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 120);
        await Jobs.EventuallyAsync(() => Task.FromResult(_meters.Read(RedisMetricNames.Connected) is [{ Value: 0 }]));
        Assert.NotNull(_meters.Of(RedisMetricNames.Duration)[^1].Tag(RedisMetricNames.ErrorType));
    }
}
