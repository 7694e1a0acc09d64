namespace Diffusion.Mesh.Chaos.Tests;

/// <summary>
/// One fault in the middle of four generations, with real processes and a real Redis: each job ends once, with the bytes that it has without the fault, and
/// nothing stays behind in Redis for ever.
/// </summary>
public sealed class FaultTests(WholeCluster whole) : IClassFixture<WholeCluster>
{
    private const int Jobs = 4;

    // Late enough that states were kept, and early enough that much is left.
    private const int Middle = 7;

    private static readonly Dictionary<string, Func<Faults, Task>> s_faults = new()
    {
        ["UNet worker killed"] = faults => faults.KillAsync("unet-0"),
        ["text encoder killed"] = faults => faults.KillAsync("textencoder-0"),
        ["VAE killed"] = faults => faults.KillAsync("vae-0"),
        ["orchestrator killed"] = faults => faults.KillAsync("orchestrator-0"),
        ["UNet worker drains"] = faults => faults.DrainAsync("unet-1"),
        ["orchestrator drains"] = faults => faults.DrainAsync("orchestrator-1"),
        ["UNet worker hangs and comes back"] = faults => faults.FreezeAsync("unet-0", TimeSpan.FromSeconds(12)),
        // Longer than its leases: when it comes back another one has its jobs.
        ["orchestrator hangs and comes back"] = faults => faults.FreezeAsync("orchestrator-0", TimeSpan.FromSeconds(12)),
        ["Redis killed"] = faults => faults.KillRedisAsync(),
        ["Redis unreachable for ten seconds"] = faults => faults.ShutRedisAsync(),
        ["Redis full"] = faults => faults.FillRedisAsync(),
        ["connections to a UNet worker cut"] = faults => faults.CutAsync("unet-0"),
        ["connections to a VAE cut"] = faults => faults.CutAsync("vae-0"),
        ["connections to an orchestrator cut"] = faults => faults.CutAsync("orchestrator-0"),
        ["connections to Redis cut"] = faults => faults.CutRedisAsync(),
    };

    public static TheoryData<string> Names => [.. s_faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Fault_InTheMiddle_EachJobEndsOnceWithItsBytes(string name)
    {
        var (tally, log) = (new Tally(), new FaultLog());
        Client[] clients = [.. Enumerable.Range(0, Jobs).Select(i => new Client(i, seed: i, whole.Cluster.Servers, whole.Expected, log, new Beginnings(tally), tally))];
        var jobs = clients.Select((client, i) => client.GenerateAsync(wish: 3 * i, $"{Guid.NewGuid():N}", CancellationToken.None)).ToArray();
        await Task.WhenAll(clients.Select(client => client.ReachedAsync(Middle)));

        await s_faults[name](new Faults(whole.Cluster, log, tally, new Random(1)));
        await Task.WhenAll(jobs);

        Assert.Empty(tally.Problems());
        Assert.True(tally.IsClean, tally.Result());
        Assert.Empty(await whole.Cluster.ImmortalKeysAsync());
        Array.ForEach(clients, client => client.Dispose());
    }
}
