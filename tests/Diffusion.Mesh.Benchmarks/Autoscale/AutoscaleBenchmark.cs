using Diffusion.Mesh.Autoscaling;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// A simulated day of UNet workers that are scaled by the real scaler's metric: how many pictures were good, and what it cost against the smallest fixed fleet that
/// makes 99 % of them good. Needs no accelerator, and takes no longer on a busy machine than its arithmetic does.
/// </summary>
internal sealed class AutoscaleBenchmark : IBenchmark
{
    private const double Wanted = 0.99;

    private static readonly double[] s_targets = [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15];
    private static readonly int[] s_stabilizations = [120, 300, 600];

    public string Name => "autoscale";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var scenario = new Scenario();
        var (replicas, fleet) = await FixedFleet.SmallestAsync(scenario, Wanted);
        Tell($"fixed fleet of {replicas}", fleet, fleet);
        foreach (var target in s_targets)
        {
            foreach (var stabilization in s_stabilizations)
            {
                var hpa = scenario.Hpa with { ScaleDownStabilization = TimeSpan.FromSeconds(stabilization) };
                Tell($"target {target} s, stabilisation {stabilization} s", await Simulation.RunAsync(scenario with { TargetSeconds = target, Hpa = hpa }), fleet);
            }
        }

        var scaled = await Simulation.RunAsync(scenario);
        Tell("the scaler's defaults", scaled, fleet);
        return [new("slo_pct", 100 * scaled.Attainment), new("gpu_hours_ratio", scaled.GpuHours / fleet.GpuHours)];
    }

    private static void Tell(string what, Outcome outcome, Outcome fleet) => Console.WriteLine(FormattableString.Invariant(
        $"{what}: {100 * outcome.Attainment:0.00} % of {outcome.Pictures} pictures good, {outcome.GpuHours:0.0} GPU hours (x{outcome.GpuHours / fleet.GpuHours:0.00}), {outcome.LeastReplicas} to {outcome.MostReplicas} replicas, longest wait {outcome.LongestWait.TotalSeconds:0} s"));
}
