namespace Diffusion.Mesh.Autoscaling;

/// <summary>The smallest fleet of fixed size that is good enough for a scenario: what autoscaling is compared with.</summary>
internal static class FixedFleet
{
    /// <summary>Finds it by bisection: more workers are never worse.</summary>
    /// <param name="attainment">The share of good pictures that it has to reach, 0 to below 1.</param>
    public static async Task<(int Replicas, Outcome Outcome)> SmallestAsync(Scenario scenario, double attainment)
    {
        // So few would not even have the time.
        var (gpu, day) = (scenario.Accelerator, scenario.Day);
        var work = day.Arrivals().Count * gpu.Evaluations * gpu.Pass(gpu.Pictures) / gpu.Pictures;
        var least = (int)(attainment * (work / day.Length));
        var most = Math.Max(1, 2 * least);
        Outcome best;
        for (best = await RunAsync(most); best.Attainment < attainment; best = await RunAsync(most))
            (least, most) = (most, 2 * most);
        while (most - least > 1)
        {
            var middle = (least + most) / 2;
            var outcome = await RunAsync(middle);
            if (outcome.Attainment < attainment)
                least = middle;
            else
                (most, best) = (middle, outcome);
        }

        return (most, best);

        Task<Outcome> RunAsync(int replicas) => Simulation.RunAsync(scenario with { Fixed = replicas });
    }
}
