using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.State.Tests;

/// <summary>A Redis with an append-only file, synced at every write.</summary>
public sealed class DurableRedis : IAsyncLifetime
{
    public RedisServer Server { get; } = RedisServer.Durable();

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();

    public RedisConnection Connect(string prefix) => Server.Connect(prefix);
}

internal static class RedisServerExtensions
{
    public static RedisConnection Connect(this RedisServer server, string prefix = "test") =>
        new(new RedisOptions { Configuration = server.Address, Prefix = prefix }, TimeProvider.System);

    /// <summary>Looks at every key on the server.</summary>
    public static async Task AssertAllKeysExpireAsync(this RedisConnection connection)
    {
        var keys = (string[])(await connection.ExecuteAsync(TimeSpan.FromSeconds(5), "KEYS", ["*"], default))!;
        foreach (var key in keys)
            Assert.True((long)await connection.ExecuteAsync(TimeSpan.FromSeconds(5), "PTTL", [key], default) != -1, $"{key} has no time-to-live.");
    }
}
