namespace Diffusion.Mesh.Sampling;

/// <summary>The evaluations of PNDM, from falling timesteps.</summary>
internal static class PndmGrid
{
    /// <summary>Three steps of four evaluations.</summary>
    public const int RungeKuttaCalls = 12;

    private const int RungeKuttaPoints = 4;

    public static IEnumerable<SamplingProblem> Check(SamplerPlan plan)
    {
        if (plan.Config.SkipPrkSteps is not true && plan.Steps < RungeKuttaPoints)
            yield return new(nameof(SamplingChoice.Steps), $"With Runge-Kutta warm-up there are at least {RungeKuttaPoints} steps.");
    }

    /// <summary>The second timestep twice.</summary>
    public static int[] Multistep(int[] timesteps) => timesteps.Length < 2 ? timesteps : [.. timesteps[..2], .. timesteps[1..]];

    /// <summary>The ends and twice the middle of each of the first three steps, then the rest.</summary>
    public static int[] RungeKutta(int[] timesteps, int half)
    {
        int[] warmUp =
        [
            .. Enumerable.Range(1, RungeKuttaPoints - 1).SelectMany(step => new[]
            {
                timesteps[step - 1], timesteps[step] + half, timesteps[step] + half, timesteps[step],
            }),
        ];
        return [.. warmUp, .. timesteps[(RungeKuttaPoints - 1)..]];
    }
}
