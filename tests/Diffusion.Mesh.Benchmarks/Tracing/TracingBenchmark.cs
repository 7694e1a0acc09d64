namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// What traces cost, in percent of a picture's time: with an endpoint set and nothing sampled (the orchestrator keeps its ring of recent traces, as it does by
/// default), and with every span exported to a collector in another process; each against the same four processes without any telemetry. The model is the
/// smallest there is, so a step takes a few milliseconds: of a real one the share is less.
/// </summary>
/// <remarks>Processes differ by themselves by a percent or so, so each kind of cluster is started several times; a second one without telemetry shows the noise.</remarks>
internal sealed class TracingBenchmark : IBenchmark
{
    private const int Starts = 4;
    private const int WarmUp = 30;
    private const int Rounds = 40;

    private const int None = 0;
    private const int Again = 1;
    private const int Off = 2;
    private const int All = 3;

    public string Name => "tracing";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var (time, processor) = (new Ratios(), new Ratios());
        for (var start = 0; start < Starts; start++)
        {
            var (seconds, processorSeconds) = await MeasureAsync(start);
            time.Add(seconds);
            processor.Add(processorSeconds);
            Console.WriteLine(FormattableString.Invariant(
                $"start {start + 1}: {seconds[None] * 1000:0.0} ms a picture without; {time.Last}; processor time {processor.Last}"));
        }

        return
        [
            new("off_pct", time.Median(Off)), new("all_pct", time.Median(All)), new("same_pct", time.Median(Again)),
            new("off_cpu_pct", processor.Median(Off)), new("all_cpu_pct", processor.Median(All)), new("same_cpu_pct", processor.Median(Again)),
        ];
    }

    // By the kind of cluster: seconds of a picture, and processor time of all of them.
    private static async Task<(double[] Seconds, double[] ProcessorSeconds)> MeasureAsync(int start)
    {
        using var offReceiver = await SpanReceiver.StartAsync();
        using var allReceiver = await SpanReceiver.StartAsync();
        var clusters = new ProcessCluster[4];
        try
        {
            // Started in turn from another one on: where a process lies in memory is a matter of what was there before it.
            for (var i = 0; i < clusters.Length; i++)
            {
                var kind = (start + i) % clusters.Length;
                clusters[kind] = kind switch
                {
                    Off => await ProcessCluster.StartAsync([.. offReceiver.Environment, ("OTEL_TRACES_SAMPLER", "always_off")]),
                    All => await ProcessCluster.StartAsync([.. allReceiver.Environment, ("OTEL_TRACES_SAMPLER", "always_on")]),
                    _ => await ProcessCluster.StartAsync("--trace-ring", "0"),
                };
            }

            var loads = Array.ConvertAll(clusters, cluster => new GenerationLoad(cluster.Address));
            await AlternateAsync(loads, WarmUp);
            var before = Array.ConvertAll(clusters, cluster => cluster.ProcessorTime);
            var times = await AlternateAsync(loads, Rounds);
            var after = Array.ConvertAll(clusters, cluster => cluster.ProcessorTime);
            Array.ForEach(loads, load => load.Dispose());
            if (await offReceiver.BytesAsync() != 0 || await allReceiver.BytesAsync() == 0)
                throw new InvalidOperationException("The collectors did not get what they should.");
            return (Array.ConvertAll(times, Timing.Median), [.. after.Zip(before, (a, b) => (a - b).TotalSeconds)]);
        }
        finally
        {
            foreach (var cluster in clusters.OfType<ProcessCluster>())
                await cluster.DisposeAsync();
        }
    }

    private static async Task<List<double>[]> AlternateAsync(GenerationLoad[] loads, int rounds)
    {
        var times = Array.ConvertAll(loads, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < loads.Length; i++)
            {
                // In turn from another one on, so that nobody is always first.
                var kind = (round + i) % loads.Length;
                times[kind].Add(await Timing.SecondsAsync(() => loads[kind].GenerateAsync()));
            }
        }

        return times;
    }

    /// <summary>What each kind of cluster takes more than the one without telemetry, in percent, start for start.</summary>
    private sealed class Ratios
    {
        private readonly List<double>[] _percents = [[], [], [], []];

        public string Last =>
            FormattableString.Invariant($"the same again {_percents[Again][^1]:+0.00;-0.00} %, off {_percents[Off][^1]:+0.00;-0.00} %, all {_percents[All][^1]:+0.00;-0.00} %");

        public void Add(double[] values)
        {
            for (var kind = 0; kind < values.Length; kind++)
                _percents[kind].Add(((values[kind] / values[None]) - 1) * 100);
        }

        public double Median(int kind) => Timing.Median(_percents[kind]);
    }
}
