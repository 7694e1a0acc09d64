namespace Diffusion.Mesh.Chaos;

/// <summary>Everything that can happen to a cluster. Each leaves it whole again.</summary>
internal sealed class Faults(Cluster cluster, FaultLog log, Tally tally, Random random)
{
    private readonly (string Name, Func<Faults, Task<string>> Run)[] _all =
    [
        ("kill", f => f.KillAsync(f.Any(f.Workers))),
        ("kill", f => f.KillAsync(f.Any(f.Unets))),
        ("kill", f => f.KillAsync(f.Any(f.Orchestrators))),
        ("drain", f => f.DrainAsync(f.Any(f.Services))),
        ("freeze", f => f.FreezeAsync(f.Any(f.Services), TimeSpan.FromSeconds(f.Draw(2, 16)))),
        ("cut", f => f.CutAsync(f.Any(f.Services))),
        ("cut off", f => f.ShutAsync(f.Any(f.Services))),
        ("kill redis", f => f.KillRedisAsync()),
        ("cut redis", f => f.CutRedisAsync()),
        ("cut off redis", f => f.ShutRedisAsync()),
        ("fill redis", f => f.FillRedisAsync()),
    ];

    private IReadOnlyList<Service> Services => cluster.Services;

    private IReadOnlyList<Service> Workers => cluster.Workers;

    private IReadOnlyList<Service> Unets => [.. cluster.Workers.Where(worker => worker.Name.StartsWith("unet", StringComparison.Ordinal))];

    private IReadOnlyList<Service> Orchestrators => cluster.Orchestrators;

    /// <summary>Lets things happen until told to stop. All kinds come in the first rounds, in drawn order.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var (name, run) in _all.OrderBy(_ => random.Next()).ToArray())
            {
                await Task.Delay(random.Next(1000, 4000), CancellationToken.None);
                if (stop.IsCancellationRequested)
                    return;
                tally.Fault();
                Console.WriteLine(FormattableString.Invariant($"{DateTime.UtcNow:HH:mm:ss} {name} {await run(this)}"));
            }
        }
    }

    public Task KillAsync(string service) => KillAsync(Named(service));

    public Task DrainAsync(string service) => DrainAsync(Named(service));

    public Task FreezeAsync(string service, TimeSpan time) => FreezeAsync(Named(service), time);

    public Task CutAsync(string service) => CutAsync(Named(service));

    private T Any<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];

    private Service Named(string name) => cluster.Services.Single(service => service.Name == name);

    private async Task<string> KillAsync(Service service)
    {
        log.Add();
        await service.KillAsync();
        return await AgainAsync(service);
    }

    private async Task<string> DrainAsync(Service service)
    {
        log.Add();
        await service.DrainAsync();
        return await AgainAsync(service);
    }

    private async Task<string> AgainAsync(Service service)
    {
        await Task.Delay(random.Next(0, 3000));
        service.Start();
        await service.ReadyAsync();
        return service.Name;
    }

    private int Draw(int from, int to) => random.Next(from, to);

    private async Task<string> FreezeAsync(Service service, TimeSpan time)
    {
        log.Add();
        await service.FreezeAsync(time);
        return service.Name;
    }

    private Task<string> CutAsync(Service service)
    {
        log.Add();
        service.Proxy.Cut();
        return Task.FromResult(service.Name);
    }

    private async Task<string> ShutAsync(Service service)
    {
        log.Add();
        await service.Proxy.ShutAsync(TimeSpan.FromSeconds(random.Next(1, 8)));
        return service.Name;
    }

    public async Task<string> KillRedisAsync()
    {
        log.Add();
        await cluster.Redis.StopAsync();
        await Task.Delay(random.Next(0, 3000));
        await cluster.Redis.StartAgainAsync();
        return "";
    }

    public Task<string> CutRedisAsync()
    {
        log.Add();
        cluster.RedisProxy.Cut();
        return Task.FromResult("");
    }

    public async Task<string> ShutRedisAsync()
    {
        log.Add();
        await cluster.RedisProxy.ShutAsync(TimeSpan.FromSeconds(10));
        return "";
    }

    // What runs goes on within what is kept back for it; nothing new is taken.
    public async Task<string> FillRedisAsync()
    {
        log.Add();
        await cluster.LimitRedisAsync("4mb");
        await Task.Delay(random.Next(2000, 6000));
        await cluster.LimitRedisAsync("0");
        return "";
    }
}
