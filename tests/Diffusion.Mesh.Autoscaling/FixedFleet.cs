namespace Diffusion.Mesh.Autoscaling;

/// <summary>The smallest fleet of fixed size that is good enough for a scenario: what autoscaling is compared with.</summary>
internal static class FixedFleet
{
    /// <summary>Finds it by bisection: more workers are never worse.</summary>
    /// <param name="attainment">The share of good pictures that it has to reach, 0 to below 1.</param>
    public static async Task<(int Replicas, Outcome Outcome)> SmallestAsync(Scenario scenario, double attainment)
    {
        var (least, most) = (0, 1);
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
