namespace Diffusion.Mesh.Sampling;

/// <summary>Where the classes of the DPM-Solver family differ in making their tables.</summary>
internal sealed record SolverTableRules
{
    /// <summary>Training timesteps at the noisy end that are left out.</summary>
    public int Clipped { get; init; }

    /// <summary>Whether the spacing is linspace whatever the file says.</summary>
    public bool FixedSpacing { get; init; }

    /// <summary>Whether the timesteps of Karras (and Lu) levels are rounded rather than cut.</summary>
    public bool RoundsRespaced { get; init; } = true;

    /// <summary>Whether the last step ends at the smallest level though the file does not say so.</summary>
    public bool AlwaysEndsAtMinimum { get; init; }

    /// <summary>Whether that is the smallest level of the generation, not of training, where levels are respaced or for flow.</summary>
    public bool EndsAtOwnMinimum { get; init; }

    /// <summary>Whether flow levels begin at (almost) 1, as in UniPC.</summary>
    public bool FlowFromOne { get; init; }
}

/// <summary>The noise levels of the DPM-Solver family (DPM-Solver, DEIS, UniPC), with the half log signal-to-noise ratio of each.</summary>
internal sealed class SolverTable(SigmaTable levels, bool flow)
{
    public SigmaTable Levels => levels;

    /// <summary>The latents at a level are signal * clean + deviation * noise.</summary>
    public (double Signal, double Deviation) At(int index)
    {
        double sigma = levels.Sigmas[index];
        if (flow)
            return (1 - sigma, sigma);
        var signal = 1 / Math.Sqrt(sigma * sigma + 1);
        return (signal, sigma * signal);
    }

    /// <summary>log(signal / deviation), rising to infinity at no noise.</summary>
    public double Lambda(int index)
    {
        var (signal, deviation) = At(index);
        return Math.Log(signal) - Math.Log(deviation);
    }

    public void AddNoise(int index, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy)
    {
        var (signal, deviation) = At(index);
        new Affine(signal, deviation).Apply(clean, noise, noisy);
    }

    public static IEnumerable<SamplingProblem> Check(SamplerPlan plan)
    {
        if (plan.Prediction == PredictionType.Flow != plan.Config.UseFlowSigmas is true)
            yield return new("model.use_flow_sigmas", "Flow prediction goes with flow noise levels.");
        if (plan.Config.UseFlowSigmas is true && plan.Sigmas != SigmaSchedule.Default)
            yield return new(nameof(SamplingChoice.Sigmas), "Flow noise levels are not respaced.");
    }

    public static SolverTable Create(SamplerPlan plan, NoiseSchedule schedule, SolverTableRules rules)
    {
        var flow = plan.Config.UseFlowSigmas is true;
        var respaced = plan.Sigmas != SigmaSchedule.Default || plan.Config.UseLuLambdas is true;
        var (timesteps, sigmas) = flow ? SolverLevels.Flow(plan, rules)
            : respaced ? SolverLevels.Respaced(plan, schedule, rules)
            : SolverLevels.Spaced(plan, schedule, rules);

        var last = !plan.EndsAtSigmaMin && !rules.AlwaysEndsAtMinimum ? 0
            : (flow || respaced) && rules.EndsAtOwnMinimum ? sigmas[^1]
            : schedule.Sigmas[0];
        return new(
            new([.. timesteps.Select(timestep => Math.Truncate(timestep))], [.. sigmas.Select(sigma => (float)sigma), (float)last]), flow);
    }
}
