namespace Diffusion.Mesh.Sampling;

/// <summary>A model's training schedule: how much signal is left at each training timestep, in float32.</summary>
internal sealed class NoiseSchedule
{
    // Close to zero without being zero, so that the first noise level is not infinite.
    private const float SmallestSignal = 1f / (1 << 24);

    private NoiseSchedule(float[] betas, bool keepSignal)
    {
        AlphasCumulative = Torch.CumulativeProduct([.. betas.Select(beta => 1 - beta)]);
        if (keepSignal)
            AlphasCumulative[^1] = SmallestSignal;
        Sigmas = [.. AlphasCumulative.Select(signal => MathF.Sqrt((1 - signal) / signal))];
    }

    /// <summary>The variance of the signal left at each training timestep, from almost 1 down.</summary>
    public float[] AlphasCumulative { get; }

    /// <summary>The ratio of noise to signal, sqrt((1 - a) / a), rising.</summary>
    public float[] Sigmas { get; }

    /// <summary>The count of training timesteps whose half log signal-to-noise ratio is below <paramref name="lambda"/>.</summary>
    public int TimestepsBelowLambda(double lambda) =>
        AlphasCumulative.Count(signal => MathF.Log(MathF.Sqrt(signal)) - MathF.Log(MathF.Sqrt(1 - signal)) < lambda);

    /// <summary>The schedule as samplers on timesteps use it: rescaled betas leave exactly no signal.</summary>
    public static NoiseSchedule ForTimesteps(SamplerPlan plan) => new(ModelBetas(plan), keepSignal: false);

    /// <summary>The schedule as samplers on noise levels use it, and PNDM, which divides by the signal: every level is finite.</summary>
    public static NoiseSchedule ForSigmas(SamplerPlan plan) => new(ModelBetas(plan), keepSignal: plan.Config.RescaleBetasZeroSnr is true);

    private static float[] ModelBetas(SamplerPlan plan)
    {
        var betas = BetaSchedules.Create(plan.Config, plan.TrainTimesteps);
        return plan.Config.RescaleBetasZeroSnr is true ? BetaSchedules.RescaleToZeroSnr(betas) : betas;
    }
}
