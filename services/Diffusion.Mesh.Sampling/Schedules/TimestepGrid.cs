namespace Diffusion.Mesh.Sampling;

/// <summary>Thins the training timesteps out to the steps of a generation, falling (Lin et al. 2023, table 2).</summary>
internal static class TimestepGrid
{
    /// <summary>One timestep a step, the last near 0; linspace is not rounded to whole timesteps.</summary>
    public static double[] Spread(TimestepSpacing spacing, int train, int steps, int offset) => spacing switch
    {
        TimestepSpacing.Linspace => Reversed(Numpy.Linspace(0, train - 1, steps)),
        TimestepSpacing.Leading => Leading(train / steps, steps, offset),
        _ => Trailing(train, train, steps),
    };

    /// <summary>The same with linspace rounded, half to even.</summary>
    public static int[] SpreadWhole(SamplerPlan plan, TimestepSpacing fallback)
    {
        var points = Spread(plan.SpacingOr(fallback), plan.TrainTimesteps, plan.Steps, plan.Config.StepsOffset ?? 0);
        return [.. points.Select(point => (int)Math.Round(point))];
    }

    /// <summary>Whether the whole timesteps are all among the training timesteps: an offset can lead beyond them.</summary>
    public static IEnumerable<SamplingProblem> CheckWhole(SamplerPlan plan)
    {
        if (SpreadWhole(plan, TimestepSpacing.Leading)[0] >= plan.TrainTimesteps)
            yield return new(nameof(SamplingChoice.Steps),
                $"{plan.Steps} steps with the offset {plan.Config.StepsOffset} lead beyond the training timesteps.");
    }

    /// <summary>
    /// The grid of the DPM-Solver family: one point more than the steps, the last (near 0) left out.
    /// </summary>
    /// <param name="end">The timestep that the grid starts below: <paramref name="train"/>, or less if lambda is clipped.</param>
    public static double[] SpreadOpen(TimestepSpacing spacing, int train, int end, int steps, int offset) => spacing switch
    {
        TimestepSpacing.Linspace => [.. Reversed(Numpy.Linspace(0, end - 1, steps + 1)).Take(steps).Select(point => Math.Round(point))],
        TimestepSpacing.Leading => [.. Leading(end / (steps + 1), steps + 1, offset).Take(steps)],
        _ => Trailing(end, train, steps),
    };

    private static double[] Leading(int ratio, int count, int offset) =>
        Reversed([.. Enumerable.Range(0, count).Select(i => (double)i * ratio + offset)]);

    // numpy.arange(end, 0, -ratio), whose length comes from a division that may round up.
    private static double[] Trailing(int end, int train, int steps)
    {
        var ratio = (double)train / steps;
        var count = (int)Math.Ceiling(end / ratio);
        var delta = end - ratio - end;
        return [.. Enumerable.Range(0, count).Select(i => Math.Round(end + i * delta) - 1)];
    }

    private static double[] Reversed(double[] values)
    {
        Array.Reverse(values);
        return values;
    }
}
