using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;
using FinalSigma = Diffusion.Mesh.V1.FinalSigma;
using SigmaSchedule = Diffusion.Mesh.V1.SigmaSchedule;
using TimestepSpacing = Diffusion.Mesh.V1.TimestepSpacing;

namespace Diffusion.Mesh.Hosting;

/// <summary>A request's choice of sampler and schedule, from the wire to the mathematics.</summary>
public static class SamplingMessages
{
    /// <summary>The choice; what the messages leave out is the model's own.</summary>
    public static SamplingChoice Choice(Schedule? schedule, Sampler? sampler) => new()
    {
        Steps = schedule?.Steps ?? 0,
        Sampler = string.IsNullOrEmpty(sampler?.Name) ? null : sampler.Name,
        Eta = sampler is { HasEta: true } ? sampler.Eta : null,
        Spacing = schedule?.Spacing switch
        {
            TimestepSpacing.Leading => Sampling.TimestepSpacing.Leading,
            TimestepSpacing.Trailing => Sampling.TimestepSpacing.Trailing,
            TimestepSpacing.Linspace => Sampling.TimestepSpacing.Linspace,
            _ => null,
        },
        Sigmas = schedule?.Sigmas switch
        {
            SigmaSchedule.Default => Sampling.SigmaSchedule.Default,
            SigmaSchedule.Karras => Sampling.SigmaSchedule.Karras,
            SigmaSchedule.Exponential => Sampling.SigmaSchedule.Exponential,
            SigmaSchedule.Beta => Sampling.SigmaSchedule.Beta,
            _ => null,
        },
        StepsOffset = schedule is { HasStepsOffset: true } ? schedule.StepsOffset : null,
        RescaleBetasZeroSnr = schedule is { HasRescaleBetasZeroSnr: true } ? schedule.RescaleBetasZeroSnr : null,
        FinalSigma = schedule?.FinalSigma switch
        {
            FinalSigma.Zero => Sampling.FinalSigma.Zero,
            FinalSigma.SigmaMin => Sampling.FinalSigma.SigmaMin,
            _ => null,
        },
    };

    /// <summary>Everything wrong with the choice for a model, under the names that the request has for it.</summary>
    public static IEnumerable<FieldProblem> Check(SchedulerConfig model, SamplingChoice choice) =>
        Samplers.Check(model, choice).Select(p => new FieldProblem(Field(p.Field), p.Description));

    private static string Field(string property) => property switch
    {
        nameof(SamplingChoice.Steps) => "schedule.steps",
        nameof(SamplingChoice.Sampler) => "sampler.name",
        nameof(SamplingChoice.Eta) => "sampler.eta",
        nameof(SamplingChoice.Spacing) => "schedule.spacing",
        nameof(SamplingChoice.Sigmas) => "schedule.sigmas",
        nameof(SamplingChoice.StepsOffset) => "schedule.steps_offset",
        nameof(SamplingChoice.RescaleBetasZeroSnr) => "schedule.rescale_betas_zero_snr",
        nameof(SamplingChoice.FinalSigma) => "schedule.final_sigma",
        _ => "model",
    };
}
