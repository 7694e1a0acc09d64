namespace Diffusion.Mesh.Sampling;

/// <summary>
/// The noise levels of a generation in float32, falling, the last being where the last step ends; and the timestep of each
/// level but that one.
/// </summary>
internal sealed record SigmaTable(double[] Timesteps, float[] Sigmas)
{
    public float FinalSigma => Sigmas[Timesteps.Length];

    public IEnumerable<Evaluation> Evaluations => Timesteps.Select((timestep, i) => new Evaluation(timestep, Sigmas[i]));

    /// <summary>
    /// What pure noise is scaled by: the largest level, or with leading spacing, which does not reach it, the deviation of
    /// latents that still hold some signal.
    /// </summary>
    public double InitialNoiseSigma(SamplerPlan plan)
    {
        var largest = Sigmas.Max();
        return plan.SpacingOr(TimestepSpacing.Linspace) == TimestepSpacing.Leading ? MathF.Sqrt(largest * largest + 1) : largest;
    }

    /// <summary>
    /// The table of the samplers that step from noise level to noise level (Euler, Heun, LMS, DPM2): the levels of the spaced
    /// timesteps, or levels respaced between the first and the last of them.
    /// </summary>
    public static SigmaTable Create(SamplerPlan plan, NoiseSchedule schedule)
    {
        var timesteps = TimestepGrid.Spread(
            plan.SpacingOr(TimestepSpacing.Linspace), plan.TrainTimesteps, plan.Steps, plan.Config.StepsOffset ?? 0);
        return Create(plan, schedule, timesteps, [.. timesteps.Select(timestep => Numpy.Interpolate((float)timestep, schedule.Sigmas))]);
    }

    /// <summary>The same with given levels of the spaced timesteps.</summary>
    public static SigmaTable Create(SamplerPlan plan, NoiseSchedule schedule, double[] timesteps, double[] sigmas)
    {
        var last = plan.EndsAtSigmaMin ? schedule.Sigmas[0] : 0;
        if (plan.Sigmas != SigmaSchedule.Default)
        {
            sigmas = SigmaSchedules.Respace(plan.Sigmas, plan.Config.SigmaMin ?? sigmas[^1], plan.Config.SigmaMax ?? sigmas[0], plan.Steps);
            timesteps = SigmaSchedules.Timesteps(sigmas, schedule);
        }

        return new([.. timesteps.Select(timestep => (double)(float)timestep)], [.. sigmas.Select(sigma => (float)sigma), last]);
    }
}
