using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.State.Tests;

/// <summary>What is said of an instance before jobs are entrusted to it.</summary>
public sealed class RedisRequirementsTests
{
    [Fact]
    public async Task CheckJobs_DurableInstance_IsFitWithoutAWord() => Assert.Empty(await CheckAsync("--appendonly", "yes", "--appendfsync", "always"));

    [Theory]
    [InlineData("a second of jobs may be lost", "--appendonly", "yes", "--appendfsync", "everysec")]
    [InlineData("many seconds of jobs may be lost", "--appendonly", "yes", "--appendfsync", "no")]
    [InlineData("jobs are lost when it restarts", "--appendonly", "no")]
    public async Task CheckJobs_LessDurableInstance_IsFitWithAWarning(string warning, params string[] settings) =>
        Assert.Contains(warning, Assert.Single(await CheckAsync(settings)));

    [Fact]
    public async Task CheckJobs_InstanceThatRefusesConfig_IsFitWithAWarning() =>
        Assert.Contains("does not tell its appendfsync", Assert.Single(await CheckAsync("--appendonly", "yes", "--rename-command", "CONFIG", "")));

    [Theory]
    [InlineData("allkeys-lru")]
    [InlineData("volatile-ttl")]
    public async Task CheckJobs_EvictingInstance_IsRefused(string policy)
    {
        var error = await Assert.ThrowsAsync<StateUnfitException>(() => CheckAsync("--maxmemory-policy", policy));

        Assert.Contains($"'{policy}'", error.Message);
        Assert.Contains("noeviction", error.Message);
    }

    [Fact]
    public async Task CheckJobs_ClusterMode_IsRefused()
    {
        var error = await Assert.ThrowsAsync<StateUnfitException>(() => CheckAsync("--cluster-enabled", "yes"));

        Assert.Contains("Cluster mode", error.Message);
    }

    [Fact]
    public async Task CheckCache_EvictingInstance_IsFit()
    {
        await using var server = await StartAsync("--maxmemory-policy", "allkeys-lru");
        await using var connection = server.Redis.Connect();

        await RedisRequirements.CheckCacheAsync(connection, default);
    }

    [Fact]
    public async Task CheckJobs_NobodyThere_NamesTheAddress()
    {
        await using var connection = new RedisConnection(
            new RedisOptions { Configuration = "127.0.0.1:1", Patience = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);

        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => RedisRequirements.CheckJobsAsync(connection, default));

        Assert.Contains("127.0.0.1:1", error.Message);
    }

    private static async Task<IReadOnlyList<string>> CheckAsync(params string[] settings)
    {
        await using var server = await StartAsync(settings);
        await using var connection = server.Redis.Connect();
        return await RedisRequirements.CheckJobsAsync(connection, default);
    }

    private static async Task<Running> StartAsync(params string[] settings)
    {
        var server = RedisServer.With(settings);
        await server.InitializeAsync();
        return new Running(server);
    }

    private sealed record Running(RedisServer Redis) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Redis.DisposeAsync();
    }
}
