using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// What it costs to keep a running job's state in Redis, which syncs every write to disk: pictures per second with a state after every step, after every
/// fifth, and none, through three orchestrators over the same workers, each with a Redis of its own.
/// </summary>
internal sealed class DurabilityBenchmark : IBenchmark
{
    private const int Rounds = 7;
    private const int Clients = 4;
    private const int PicturesEach = 4;

    private static readonly int[] s_cadences = [0, 1, 5];

    public string Name => "durability";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var stores = s_cadences.Select(_ => RedisServer.Durable()).ToArray();
        foreach (var store in stores)
            await store.InitializeAsync();
        try
        {
            var rates = await MeasureAsync(stores);
            foreach (var (every, rate) in s_cadences.Zip(rates))
                Console.WriteLine(FormattableString.Invariant($"a state every {every} steps (0: never): {rate:0.00} pictures/s"));
            return [new("every1", rates[1] / rates[0]), new("every5", rates[2] / rates[0])];
        }
        finally
        {
            foreach (var store in stores)
                await store.DisposeAsync();
        }
    }

    private static async Task<double[]> MeasureAsync(RedisServer[] stores)
    {
        string[] Options(int i) => ["--redis", stores[i].Address, "--checkpoint-steps", $"{s_cadences[i]}"];
        await using var cluster = await ProcessCluster.StartAsync(Options(0));
        GenerationLoad[] loads =
            [new(cluster.Address), new(await cluster.AddOrchestratorAsync(Options(1))), new(await cluster.AddOrchestratorAsync(Options(2)))];
        foreach (var load in loads)
            await load.ThroughputAsync(Clients, PicturesEach);
        var rates = loads.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            // In turn from another one on, so that nobody is always first.
            for (var i = 0; i < loads.Length; i++)
            {
                var which = (i + round) % loads.Length;
                rates[which].Add(await loads[which].ThroughputAsync(Clients, PicturesEach));
            }
        }

        Array.ForEach(loads, load => load.Dispose());
        return Array.ConvertAll(rates, Timing.Median);
    }
}
