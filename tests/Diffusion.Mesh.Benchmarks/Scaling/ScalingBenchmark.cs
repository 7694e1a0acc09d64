using System.Diagnostics;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// What more UNet workers bring: pictures per second of 2, 4 and 8 against as many times that of one, through one orchestrator's routing. The accelerators
/// are simulated, so that this machine is not what limits them.
/// </summary>
internal sealed class ScalingBenchmark : IBenchmark
{
    private const int Steps = 8;
    // Two guided pictures a pass, and as many waiting: a worker that gets fewer than its share runs passes that are not full.
    private const int Rows = 4;
    private const int ClientsForEach = 4;

    private static readonly TimeSpan s_pass = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(24);

    public string Name => "scaling";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var one = await PicturesPerSecondAsync(1);
        var results = new List<KeyValuePair<string, double>>();
        foreach (var workers in new[] { 2, 4, 8 })
            results.Add(new($"linear{workers}", await PicturesPerSecondAsync(workers) / (workers * one)));
        return results;
    }

    private static async Task<double> PicturesPerSecondAsync(int workers)
    {
        var clients = ClientsForEach * workers;
        await using var cluster = await SimulatedCluster.StartAsync(workers, Rows, s_pass, running: clients);
        using var channel = GrpcChannel.ForAddress(cluster.Address);
        var counter = new StepCounter();
        using var stop = new CancellationTokenSource();
        var generating = Task.WhenAll(Enumerable.Range(0, clients).Select(i => GenerateAsync(channel, (ulong)i, counter, stop.Token)));
        await Task.Delay(s_warmUp);
        var (steps, (passes, rows), started) = (counter.Steps, cluster.Passes.Read(), Stopwatch.GetTimestamp());
        await Task.Delay(s_measured);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (pictures, ran) = ((counter.Steps - steps) / (double)Steps, cluster.Passes.Read());
        (passes, rows) = (ran.Passes - passes, ran.Rows - rows);
        await stop.CancelAsync();
        await generating;
        var busy = passes * s_pass.TotalSeconds / (workers * seconds);
        Console.WriteLine(FormattableString.Invariant(
            $"{workers} workers, {clients} clients: {pictures / seconds:0.00} pictures/s, accelerators busy {busy:0%}, {(double)rows / passes:0.00} of {Rows} rows a pass"));
        return pictures / seconds;
    }

    // One picture after the other. Steps are counted, not pictures: finer, and of a picture they are always as many.
    private static async Task GenerateAsync(GrpcChannel channel, ulong seed, StepCounter counter, CancellationToken stop)
    {
        var client = new Generation.GenerationClient(channel);
        var request = new GenerateRequest { Prompt = "a red circle", Seed = seed, GuidanceScale = 4, Schedule = new Schedule { Steps = Steps } };
        while (!stop.IsCancellationRequested)
        {
            using var call = client.Generate(request, cancellationToken: CancellationToken.None);
            var completed = 0u;
            await foreach (var next in call.ResponseStream.ReadAllAsync(CancellationToken.None))
            {
                if (next.Step is not { } step)
                    continue;
                counter.Add(step.Completed - completed);
                completed = step.Completed;
            }

            if (completed != Steps)
                throw new InvalidOperationException($"A picture had {completed} steps instead of {Steps}.");
        }
    }

    private sealed class StepCounter
    {
        private long _steps;

        public long Steps => Interlocked.Read(ref _steps);

        public void Add(long steps) => Interlocked.Add(ref _steps, steps);
    }
}
