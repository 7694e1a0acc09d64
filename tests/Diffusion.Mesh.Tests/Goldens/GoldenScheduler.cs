using System.Text.Json;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;
using FinalSigma = Diffusion.Mesh.V1.FinalSigma;
using SigmaSchedule = Diffusion.Mesh.V1.SigmaSchedule;
using TimestepSpacing = Diffusion.Mesh.V1.TimestepSpacing;

namespace Diffusion.Mesh.Tests;

/// <summary>Asks for a diffusers scheduler with its configuration in the words of a request.</summary>
internal static class GoldenScheduler
{
    // What diffusers takes where a configuration says nothing of the spacing; LCM and TCD have none, DPM-Solver++ 2S has linspace alone.
    private static readonly string[] _leading = ["DDIMScheduler", "DDPMScheduler", "PNDMScheduler"];
    private static readonly string[] _fixed = ["LCMScheduler", "TCDScheduler", "DPMSolverSinglestepScheduler", "FlowMatchEulerDiscreteScheduler"];

    /// <param name="own">The model's own configuration, which holds where a request says nothing.</param>
    public static void Choose(GenerateRequest request, string className, JsonElement json, SchedulerConfig own)
    {
        var config = SchedulerConfig.Parse(JsonSerializer.SerializeToUtf8Bytes(json)) with { ClassName = className };
        request.Sampler.Name = Name(config);
        if (!_fixed.Contains(className))
        {
            request.Schedule.Spacing = Spacing(config.TimestepSpacing ?? (_leading.Contains(className) ? "leading" : "linspace"));
            request.Schedule.StepsOffset = config.StepsOffset ?? 0;
        }

        request.Schedule.RescaleBetasZeroSnr = config.RescaleBetasZeroSnr ?? false;
        request.Schedule.Sigmas = config switch
        {
            { UseKarrasSigmas: true } => SigmaSchedule.Karras,
            { UseExponentialSigmas: true } => SigmaSchedule.Exponential,
            { UseBetaSigmas: true } => SigmaSchedule.Beta,
            _ => SigmaSchedule.Default,
        };
        request.Schedule.FinalSigma = config.FinalSigmasType switch
        {
            null => FinalSigma.Unspecified,
            "zero" => FinalSigma.Zero,
            "sigma_min" => FinalSigma.SigmaMin,
            var other => throw new ArgumentException($"A request has no final sigma '{other}'."),
        };
        AssertMeansTheSame(request, config, own);
    }

    // The class name leaves algorithm and order to the model's file; the short names say them.
    private static string Name(SchedulerConfig config) => config switch
    {
        { ClassName: "DPMSolverMultistepScheduler", AlgorithmType: "sde-dpmsolver++" } => "dpmpp_2m_sde",
        { ClassName: "DPMSolverMultistepScheduler", SolverOrder: 3 } => "dpmpp_3m",
        _ => config.ClassName,
    };

    private static TimestepSpacing Spacing(string name) => Enum.Parse<TimestepSpacing>(name, ignoreCase: true);

    /// <summary>A configuration that no request can ask for (other betas, other training timesteps) shows here, not as a wrong picture.</summary>
    private static void AssertMeansTheSame(GenerateRequest request, SchedulerConfig config, SchedulerConfig own)
    {
        var choice = SamplingMessages.Choice(request.Schedule, request.Sampler);
        Assert.Empty(Samplers.Check(own, choice));
        var asked = Samplers.Create(own, choice);
        var golden = Samplers.Create(config, new SamplingChoice { Steps = choice.Steps, Eta = choice.Eta });
        Assert.Equal(config.PredictionType ?? "epsilon", own.PredictionType ?? "epsilon");
        Assert.Equal(golden.Evaluations, asked.Evaluations);
        Assert.Equal(golden.FinalSigma, asked.FinalSigma);
    }
}
