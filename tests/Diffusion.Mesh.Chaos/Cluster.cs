using Diffusion.Mesh.Testing;
using StackExchange.Redis;

namespace Diffusion.Mesh.Chaos;

/// <summary>Two of everything, each behind a proxy, and one Redis that keeps what it has answered.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly string[] s_roles = ["TextEncoder", "Unet", "Vae"];

    private readonly Proxy _redisProxy;

    private Cluster(RedisServer redis, Proxy redisProxy, IReadOnlyList<Service> workers, IReadOnlyList<Service> orchestrators) =>
        (Redis, _redisProxy, Workers, Orchestrators) = (redis, redisProxy, workers, orchestrators);

    public RedisServer Redis { get; }

    public Proxy RedisProxy => _redisProxy;

    public IReadOnlyList<Service> Workers { get; }

    public IReadOnlyList<Service> Orchestrators { get; }

    public IReadOnlyList<Service> Services => [.. Workers, .. Orchestrators];

    /// <summary>Where clients go.</summary>
    public IEnumerable<string> Servers => Orchestrators.Select(orchestrator => orchestrator.Proxy.Address);

    /// <param name="logs">A folder for what the services say.</param>
    public static async Task<Cluster> StartAsync(string logs)
    {
        var redis = RedisServer.Durable();
        await redis.InitializeAsync();
        var redisProxy = new Proxy(redis.Port);
        Service[] workers =
        [
            .. s_roles.SelectMany(role => Enumerable.Range(0, 2), (role, i) => new Service(
                $"{role.ToLowerInvariant()}-{i}", $"Diffusion.Mesh.{role}", logs, "--threads", "1")),
        ];
        string[] addresses =
        [
            .. workers.SelectMany((worker, i) => new[] { i / 2 == 0 ? "--text-encoder" : i / 2 == 1 ? "--unet" : "--vae", worker.Proxy.Address }),
            "--redis", redisProxy.Address, "--http", "none", "--timeout", "600", "--retention", "60",
        ];
        Service[] orchestrators =
            [.. Enumerable.Range(0, 2).Select(i => new Service($"orchestrator-{i}", "Diffusion.Mesh.Orchestrator", logs, addresses))];
        var cluster = new Cluster(redis, redisProxy, workers, orchestrators);
        foreach (var service in cluster.Services)
            service.Start();
        foreach (var service in cluster.Services)
            await service.ReadyAsync();
        return cluster;
    }

    /// <summary>Sets a limit on Redis's memory; 0: none.</summary>
    public async Task LimitRedisAsync(string bytes)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync($"{Redis.Address},allowAdmin=true");
        await connection.GetServer(Redis.Address).ConfigSetAsync("maxmemory", bytes);
    }

    /// <summary>Keys that would stay for ever.</summary>
    public async Task<IReadOnlyList<string>> ImmortalKeysAsync()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync($"{Redis.Address},allowAdmin=true");
        var database = connection.GetDatabase();
        var immortal = new List<string>();
        foreach (var key in connection.GetServer(Redis.Address).Keys())
        {
            if (await database.KeyTimeToLiveAsync(key) is null && await database.KeyExistsAsync(key))
                immortal.Add(key!);
        }

        return immortal;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Services)
            await service.DisposeAsync();
        await _redisProxy.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
