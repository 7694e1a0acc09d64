namespace Diffusion.Mesh.Sampling;

/// <summary>The timesteps of models distilled from a sampler of few steps (LCM, TCD): a choice among that sampler's own.</summary>
internal static class DistilledGrid
{
    private const int DefaultOriginalSteps = 50;

    public static int[] Spread(SamplerPlan plan)
    {
        var original = OriginalSteps(plan);
        var stride = plan.TrainTimesteps / original;
        var ratio = (double)original / plan.Steps;
        return [.. Enumerable.Range(0, plan.Steps).Select(step => (original - (int)Math.Floor(step * ratio)) * stride - 1)];
    }

    public static IEnumerable<SamplingProblem> Check(SamplerPlan plan)
    {
        var original = OriginalSteps(plan);
        if (original < 1 || original > plan.TrainTimesteps)
            yield return new("model.original_inference_steps", $"The original steps are from 1 to {plan.TrainTimesteps}, not {original}.");
        else if (plan.Steps > original)
            yield return new(nameof(SamplingChoice.Steps),
                $"The sampler {plan.Name} has at most {original} steps, those it was distilled from.");
    }

    private static int OriginalSteps(SamplerPlan plan) => plan.Config.OriginalInferenceSteps ?? DefaultOriginalSteps;
}
