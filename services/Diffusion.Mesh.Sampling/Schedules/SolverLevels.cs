namespace Diffusion.Mesh.Sampling;

/// <summary>The ways to the noise levels and timesteps of a <see cref="SolverTable"/>.</summary>
internal static class SolverLevels
{
    // Keeps the first signal of flow levels above zero, whose logarithm is taken.
    private const double FlowMargin = 1e-6;

    /// <summary>The levels of spaced timesteps.</summary>
    public static (double[] Timesteps, double[] Sigmas) Spaced(SamplerPlan plan, NoiseSchedule schedule, SolverTableRules rules)
    {
        var spacing = rules.FixedSpacing ? TimestepSpacing.Linspace : plan.SpacingOr(TimestepSpacing.Linspace);
        var train = plan.TrainTimesteps;
        var timesteps = TimestepGrid.SpreadOpen(spacing, train, train - rules.Clipped, plan.Steps, plan.Config.StepsOffset ?? 0);
        return (timesteps, [.. timesteps.Select(timestep => Numpy.Interpolate(timestep, schedule.Sigmas))]);
    }

    /// <summary>Levels spread anew over the whole training schedule.</summary>
    public static (double[] Timesteps, double[] Sigmas) Respaced(SamplerPlan plan, NoiseSchedule schedule, SolverTableRules rules)
    {
        var (smallest, largest) = (plan.Config.SigmaMin ?? schedule.Sigmas[0], plan.Config.SigmaMax ?? schedule.Sigmas[^1]);
        var sigmas = plan.Sigmas == SigmaSchedule.Default
            ? EvenLambdas(schedule, plan.Steps)
            : SigmaSchedules.Respace(plan.Sigmas, smallest, largest, plan.Steps);
        var timesteps = SigmaSchedules.Timesteps(sigmas, schedule);
        return rules.RoundsRespaced && plan.Sigmas is SigmaSchedule.Karras or SigmaSchedule.Default
            ? ([.. timesteps.Select(timestep => Math.Round(timestep))], sigmas)
            : (timesteps, sigmas);
    }

    /// <summary>Levels from 1 down on straight paths, shifted towards the noisy end.</summary>
    public static (double[] Timesteps, double[] Sigmas) Flow(SamplerPlan plan, SolverTableRules rules)
    {
        var shift = plan.Config.FlowShift ?? 1;
        var ramp = Numpy.Linspace(1, 1.0 / plan.TrainTimesteps, plan.Steps + 1);
        double[] even = rules.FlowFromOne ? [.. ramp.Take(plan.Steps)] : [.. ramp.Select(level => 1 - level).Reverse().Take(plan.Steps)];
        double[] sigmas = [.. even.Select(sigma => shift * sigma / (1 + (shift - 1) * sigma))];
        if (rules.FlowFromOne && plan.Config.ShiftTerminal is { } terminal and not 0)
        {
            var stretch = (1 - sigmas[^1]) / (1 - terminal);
            sigmas = [.. sigmas.Select(sigma => 1 - (1 - sigma) / stretch)];
        }

        if (rules.FlowFromOne && Math.Abs(sigmas[0] - 1) < FlowMargin)
            sigmas[0] -= FlowMargin;
        return ([.. sigmas.Select(sigma => sigma * plan.TrainTimesteps)], sigmas);
    }

    // Lu et al. 2022: equal steps in lambda.
    private static double[] EvenLambdas(NoiseSchedule schedule, int steps) =>
        [.. SigmaSchedules.Power(Numpy.Log(schedule.Sigmas[0]), Numpy.Log(schedule.Sigmas[^1]), steps, rho: 1).Select(Math.Exp)];
}
