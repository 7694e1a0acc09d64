namespace Diffusion.Mesh.Sampling;

/// <summary>The evaluations of the DPM2 samplers: each step's beginning and, but for the last step, its middle.</summary>
internal static class MidpointGrid
{
    /// <summary>The noise levels, with Karras levels' timesteps rounded.</summary>
    public static SigmaTable Create(SamplerPlan plan, NoiseSchedule schedule)
    {
        var table = SigmaTable.Create(plan, schedule);
        return plan.Sigmas == SigmaSchedule.Karras
            ? table with { Timesteps = [.. table.Timesteps.Select(timestep => Math.Round(timestep))] }
            : table;
    }

    /// <summary>The geometric mean; zero if either is, so that the last step is a plain Euler step.</summary>
    public static float Middle(float from, float to) => (float)Math.Sqrt((double)from * to);

    /// <param name="plan">The choice.</param>
    /// <param name="schedule">Where the middles' timesteps come from.</param>
    /// <param name="table">The levels at which steps begin.</param>
    /// <param name="middles">The level in each step's middle.</param>
    public static Timetable Interleave(SamplerPlan plan, NoiseSchedule schedule, SigmaTable table, float[] middles)
    {
        var between = SigmaSchedules.Timesteps([.. middles.Select(middle => (double)middle)], schedule);

        // As in the reference's table, a middle carries the level that its step ends on, which is what noise is added by there.
        var evaluations = table.Evaluations.SelectMany((evaluation, step) => step + 1 < table.Timesteps.Length
            ? new[] { evaluation, new Evaluation((float)between[step], table.Sigmas[step + 1]) }
            : [evaluation]);
        return new Timetable(plan, evaluations, table.FinalSigma, callsPerStep: 2);
    }
}
