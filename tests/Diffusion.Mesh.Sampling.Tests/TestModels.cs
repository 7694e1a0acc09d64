namespace Diffusion.Mesh.Sampling.Tests;

/// <summary>Configurations of models.</summary>
internal static class TestModels
{
    /// <summary>A latent model that predicts noise, like Stable Diffusion 1.5.</summary>
    public static SchedulerConfig Latent { get; } = new()
    {
        ClassName = "PNDMScheduler",
        BetaStart = 0.00085,
        BetaEnd = 0.012,
        BetaSchedule = "scaled_linear",
        SkipPrkSteps = true,
        StepsOffset = 1,
        SetAlphaToOne = false,
    };

    /// <summary>A model of straight paths.</summary>
    public static SchedulerConfig Flow { get; } = new() { ClassName = "FlowMatchEulerDiscreteScheduler", Shift = 3 };

    /// <summary>A model that the sampler can be used with.</summary>
    public static SchedulerConfig For(string sampler) => sampler == "flow_euler" ? Flow : Latent;
}
