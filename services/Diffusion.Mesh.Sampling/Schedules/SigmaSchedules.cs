namespace Diffusion.Mesh.Sampling;

/// <summary>Other spreads of noise levels between the largest and the smallest.</summary>
internal static class SigmaSchedules
{
    // Karras et al. 2022, where 7 gives the best pictures.
    private const double Rho = 7;

    // Lee et al. 2024: more steps at both ends.
    private const double BetaShape = 0.6;

    public static double[] Respace(SigmaSchedule schedule, double smallest, double largest, int count) => schedule switch
    {
        SigmaSchedule.Karras => Power(smallest, largest, count, Rho),
        SigmaSchedule.Exponential => [.. Numpy.Linspace(Math.Log(largest), Math.Log(smallest), count).Select(Math.Exp)],
        _ => [.. Numpy.Linspace(0, 1, count).Select(p => smallest + BetaDistribution.Quantile(1 - p, BetaShape) * (largest - smallest))],
    };

    /// <summary>Equal steps in the <paramref name="rho"/>-th root.</summary>
    public static double[] Power(double smallest, double largest, int count, double rho)
    {
        var (low, high) = (Math.Pow(smallest, 1 / rho), Math.Pow(largest, 1 / rho));
        return [.. Numpy.Linspace(0, 1, count).Select(ramp => Math.Pow(high + ramp * (low - high), rho))];
    }

    /// <summary>The training timestep of each noise level, interpolated in log sigma; not whole.</summary>
    public static double[] Timesteps(double[] sigmas, NoiseSchedule schedule)
    {
        var logs = schedule.Sigmas.Select(Numpy.Log).ToArray();
        return [.. sigmas.Select(sigma => Timestep(sigma, logs))];
    }

    private static double Timestep(double sigma, float[] logs)
    {
        var log = Math.Log(Math.Max(sigma, 1e-10));
        var below = Math.Clamp(logs.Count(level => log - level >= 0) - 1, 0, logs.Length - 2);
        var share = Math.Clamp((logs[below] - log) / (logs[below] - logs[below + 1]), 0, 1);
        return (1 - share) * below + share * (below + 1);
    }
}
