using System.Diagnostics;
using System.Globalization;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// What a tenant suffers from another one that floods the cluster with twenty clients: the p95 of its pictures beside the flood against the p95 alone. The flooding
/// tenant's key has a quota of three pictures at once, as an operator would give it.
/// </summary>
internal sealed class TenantsBenchmark : IBenchmark
{
    private const int Rounds = 3;
    private const int Pictures = 25;
    private const int FloodClients = 20;

    // Steps, pixels and pictures of three jobs.
    private const int FloodCost = 3 * 20 * 32 * 32;

    public string Name => "tenants";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var redis = RedisServer.Durable();
        await redis.InitializeAsync();
        try
        {
            var (p95, p95Beside) = await MeasureAsync(redis.Address);
            Console.WriteLine(FormattableString.Invariant($"p95 {p95 * 1000:0} ms alone, {p95Beside * 1000:0} ms beside the flood"));
            return [new("p95_ratio", p95Beside / p95)];
        }
        finally
        {
            await redis.DisposeAsync();
        }
    }

    private static async Task<(double Alone, double Beside)> MeasureAsync(string redis)
    {
        var keys = Path.Combine(Directory.CreateTempSubdirectory("mesh-keys-").FullName, "keys.json");
        var (quiet, loud) = (await AddKeyAsync(keys, "quiet"), await AddKeyAsync(keys, "loud", "--concurrent-cost", FloodCost.ToString(CultureInfo.InvariantCulture)));
        await using var cluster = await ProcessCluster.StartAsync("--redis", redis, "--keys", keys);
        using var mine = new GenerationLoad(cluster.Address, quiet);
        using var theirs = new GenerationLoad(cluster.Address, loud);
        await mine.LatenciesAsync(10);
        await theirs.ThroughputAsync(FloodClients, 1);
        var (alone, beside) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            alone.AddRange(await mine.LatenciesAsync(Pictures));
            using var stop = new CancellationTokenSource();
            var flood = theirs.FloodAsync(FloodClients, stop.Token);
            await Task.Delay(TimeSpan.FromSeconds(2));
            beside.AddRange(await mine.LatenciesAsync(Pictures));
            await stop.CancelAsync();
            await flood;
            // What was cancelled is gone before the next round.
            await Task.Delay(TimeSpan.FromSeconds(4));
        }

        Directory.Delete(Path.GetDirectoryName(keys)!, recursive: true);
        return (Timing.Percentile(alone, 0.95), Timing.Percentile(beside, 0.95));
    }

    private static async Task<string> AddKeyAsync(string file, string tenant, params string[] quotas)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "mesh.dll"), "keys", "add", "--keys", file, "--tenant", tenant, .. quotas];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var key = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? key.Trim() : throw new InvalidOperationException("No key was made.");
    }
}
