using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// What sharing forward passes gains through a UNet worker's process, beside what a bare loop over the same file gains between the same numbers of rows;
/// what a small picture suffers from large ones; and what the engine itself costs in time and memory.
/// </summary>
internal sealed class BatchingBenchmark : IBenchmark
{
    private const int Rounds = 3;
    private const int Steps = 20;
    private const int SmallPictures = 40;
    private const int LargeClients = 4;

    private static readonly int[] s_clients = [1, 2, 4, 8, 16];

    public string Name => "batching";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var models = Path.Combine(TestFolders.Repository, "models");
        var model = ModelFolder.Read(Path.Combine(models, "shapes"));
        var (ratios, shares) = await ThroughputAsync(models, model);
        return
        [
            new("ratio1", ratios[1]), new("ratio8", ratios[8]), new("ratio16", ratios[16]),
            new("share8", shares[8]), new("share16", shares[16]),
            new("small_p95_ratio", await SmallBesideLargeAsync(models, model)),
            new("overhead_pct", await EngineOverhead.PercentAsync(models, DrawnJob.Guided(model, Steps, 8, 8))),
            new("memory_ratio", await MemoryAsync(models, model)),
        ];
    }

    private static async Task<(Dictionary<int, double> Ratios, Dictionary<int, double> Shares)> ThroughputAsync(string models, ModelFacts model)
    {
        await using var on = await UnetProcess.StartAsync(models);
        await using var off = await UnetProcess.StartAsync(models, "--batching", "off");
        using var bare = new BareUnet(model, 8, 8);
        var job = DrawnJob.Guided(model, Steps, 8, 8);
        var (ratios, shares) = (new Dictionary<int, double>(), new Dictionary<int, double>());
        // The sizes of passes are measured and the runtime compiles before anything counts.
        await on.ThroughputAsync(job, 16, 8);
        await off.ThroughputAsync(job, 16, 2);
        foreach (var clients in s_clients)
        {
            var (withBatching, without, two, many) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                withBatching.Add(await on.ThroughputAsync(job, clients, Math.Max(2, 8 / clients)));
                two.AddRange(bare.Run(2, 20));
                without.Add(await off.ThroughputAsync(job, clients, Math.Max(1, 8 / clients)));
                many.AddRange(bare.Run(2 * clients, 20));
            }

            ratios[clients] = Timing.Median(withBatching) / Timing.Median(without);
            var bareGain = clients * Timing.Median(two) / Timing.Median(many);
            shares[clients] = ratios[clients] / bareGain;
            Console.WriteLine(FormattableString.Invariant(
                $"{clients,2} clients: {Timing.Median(withBatching):0.00} pictures/s batched, {Timing.Median(without):0.00} not, x{ratios[clients]:0.00}; ")
                + FormattableString.Invariant($"bare loop {2 * clients / Timing.Median(many):0} rows/s at {2 * clients}, x{bareGain:0.00}"));
        }

        return (ratios, shares);
    }

    // The same worker for both, since what it has learned is part of it.
    private static async Task<double> SmallBesideLargeAsync(string models, ModelFacts model)
    {
        await using var worker = await UnetProcess.StartAsync(models);
        var (small, large) = (DrawnJob.Guided(model, Steps, 8, 8), DrawnJob.Guided(model, Steps, 32, 32));
        await worker.ThroughputAsync(small, 1, 10);
        await worker.ThroughputAsync(large, LargeClients, 1);
        var (alone, beside) = (new List<double>(), new List<double>());
        for (var round = 0; round < 2; round++)
        {
            alone.AddRange(await LatenciesAsync(worker, small));
            using var stop = new CancellationTokenSource();
            var flood = Enumerable.Range(0, LargeClients).Select(_ => FloodAsync(worker, large, stop.Token)).ToArray();
            await Task.Delay(TimeSpan.FromSeconds(1));
            beside.AddRange(await LatenciesAsync(worker, small));
            await stop.CancelAsync();
            await Task.WhenAll(flood);
        }

        Console.WriteLine(FormattableString.Invariant(
            $"small pictures: p95 {Timing.Percentile(alone, 0.95) * 1000:0} ms alone, {Timing.Percentile(beside, 0.95) * 1000:0} ms beside large ones"));
        return Timing.Percentile(beside, 0.95) / Timing.Percentile(alone, 0.95);
    }

    private static async Task<List<double>> LatenciesAsync(UnetProcess worker, DenoiseJob job)
    {
        var latencies = new List<double>();
        for (var i = 0; i < SmallPictures; i++)
            latencies.Add(await Timing.SecondsAsync(() => worker.DenoiseAsync(job)));
        return latencies;
    }

    private static async Task FloodAsync(UnetProcess worker, DenoiseJob job, CancellationToken stop)
    {
        try
        {
            while (true)
                await worker.DenoiseAsync(job, stop);
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is OperationCanceledException or Grpc.Core.RpcException)
        {
        }
    }

    private static async Task<double> MemoryAsync(string models, ModelFacts model)
    {
        await using var worker = await UnetProcess.StartAsync(models);
        var job = DrawnJob.Guided(model, 3, 8, 8);
        await worker.ThroughputAsync(job, 5, 10);
        var early = worker.Memory;
        await worker.ThroughputAsync(job, 5, 190);
        Console.WriteLine(FormattableString.Invariant($"memory: {early >> 20} MiB after 50 pictures, {worker.Memory >> 20} MiB after 1,000"));
        return (double)worker.Memory / early;
    }
}
