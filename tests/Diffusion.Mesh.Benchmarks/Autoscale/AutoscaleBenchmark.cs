using Diffusion.Mesh.Autoscaling;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// A simulated day of UNet workers that are scaled by the real scaler's metric: how many pictures were good, and what it cost against the smallest fixed fleet that
/// makes 99 % of them good. Needs no accelerator, and measures no time.
/// </summary>
internal sealed class AutoscaleBenchmark : IBenchmark
{
    private const double Wanted = 0.99;

    private static readonly double[] s_targets = [3, 4, 5, 6, 8, 10, 15];
    private static readonly int[] s_stabilizations = [60, 120, 600];

    // What the defaults are to bear, too.
    private static readonly (string Name, Func<Scenario, Scenario> Change)[] s_others =
    [
        ("another day", s => s with { Day = s.Day with { Seed = 2 } }),
        ("harder bursts", s => s with { Day = s.Day with { Bursts = 16, BurstFactor = 3, BurstRise = TimeSpan.FromSeconds(30) } }),
        ("three minutes to load", s => s with { Accelerator = s.Accelerator with { Load = TimeSpan.FromMinutes(3) } }),
        ("a small service", s => s with { Day = s.Day with { Night = 0.001, Noon = 0.2 } }),
    ];

    public string Name => "autoscale";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var scenario = new Scenario();
        var (fleet, scaled) = await CompareAsync("the day", scenario);
        foreach (var target in s_targets)
            Tell($"target {target} s", await Simulation.RunAsync(scenario with { TargetSeconds = target }), fleet);
        foreach (var stabilization in s_stabilizations)
        {
            var hpa = scenario.Hpa with { ScaleDownStabilization = TimeSpan.FromSeconds(stabilization) };
            Tell($"stabilisation {stabilization} s", await Simulation.RunAsync(scenario with { Hpa = hpa }), fleet);
        }

        foreach (var (name, change) in s_others)
            await CompareAsync(name, change(scenario));
        return [new("slo_pct", 100 * scaled.Attainment), new("gpu_hours_ratio", scaled.GpuHours / fleet.GpuHours)];
    }

    private static async Task<(Outcome Fleet, Outcome Scaled)> CompareAsync(string name, Scenario scenario)
    {
        var (replicas, fleet) = await FixedFleet.SmallestAsync(scenario, Wanted);
        Tell($"{name}, fixed fleet of {replicas}", fleet, fleet);
        var scaled = await Simulation.RunAsync(scenario);
        Tell($"{name}, scaled", scaled, fleet);
        return (fleet, scaled);
    }

    private static void Tell(string what, Outcome outcome, Outcome fleet) => Console.WriteLine(FormattableString.Invariant(
        $"{what}: {100 * outcome.Attainment:0.00} % of {outcome.Pictures} pictures good, {outcome.GpuHours:0.0} GPU hours (x{outcome.GpuHours / fleet.GpuHours:0.00}), {outcome.LeastReplicas} to {outcome.MostReplicas} replicas, longest wait {outcome.LongestWait.TotalSeconds:0} s"));
}
