using System.Globalization;
using Diffusion.Mesh.Benchmarks;

IBenchmark[] benchmarks =
[
    new GenerateBenchmark(), new BatchingBenchmark(), new RealSizeBenchmark(), new CacheBenchmark(), new StateBenchmark(),
    new DurabilityBenchmark(), new TenantsBenchmark(), new ScalingBenchmark(), new TracingBenchmark(), new AutoscaleBenchmark(),
    new ImportBenchmark(), new ImportLargeBenchmark(),
];
if (args is [SpanReceiver.Command, var port])
    return await SpanReceiver.ServeAsync(int.Parse(port, CultureInfo.InvariantCulture));
if (args is not [var name] || Array.Find(benchmarks, b => b.Name == name) is not { } benchmark)
{
    Console.Error.WriteLine($"Name one benchmark: {string.Join(", ", benchmarks.Select(b => b.Name))}");
    return 2;
}

var results = await benchmark.RunAsync();
Console.WriteLine($"RESULT name={benchmark.Name} {string.Join(' ', results.Select(r => FormattableString.Invariant($"{r.Key}={r.Value:0.###}")))}");
return 0;
