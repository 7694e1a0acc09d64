namespace Diffusion.Mesh.Sampling;

/// <summary>Lays a choice over a model's configuration and gathers everything that is wrong with the two.</summary>
internal sealed class PlanReader(SchedulerConfig model, SamplingChoice choice)
{
    private readonly List<SamplingProblem> _problems = [];

    public IReadOnlyList<SamplingProblem> Problems => _problems;

    /// <summary>The plan, or null if there is any problem.</summary>
    public SamplerPlan? Read(SamplerDefinition sampler, SamplerDefinition modelSampler, bool byShortName)
    {
        var config = Overlay(byShortName ? sampler.Settle(model) : model, sampler, modelSampler);
        var plan = new SamplerPlan(sampler.Name, config, choice.Steps, choice.Eta);
        CheckChoice(sampler, plan);
        CheckModel(sampler, plan);
        if (_problems.Count == 0)
            _problems.AddRange(sampler.Check(plan));
        return _problems.Count == 0 ? plan : null;
    }

    public void Report(string field, string description) => _problems.Add(new SamplingProblem(field, description));

    // A field that the sampler's class does not have is passed over, as diffusers does. What the model is stays: its betas,
    // rescaled ones too where diffusers would drop that, and what it predicts.
    private SchedulerConfig Overlay(SchedulerConfig config, SamplerDefinition sampler, SamplerDefinition modelSampler) => config with
    {
        BetaStart = config.BetaStart ?? modelSampler.DefaultBetas.Start,
        BetaEnd = config.BetaEnd ?? modelSampler.DefaultBetas.End,
        BetaSchedule = config.BetaSchedule ?? modelSampler.DefaultBetas.Schedule,
        PredictionType = config.PredictionType ?? modelSampler.DefaultPrediction,
        RescaleBetasZeroSnr = choice.RescaleBetasZeroSnr ?? config.RescaleBetasZeroSnr,

        // Clipping is for pixels; a model of another class that says nothing of it works on latents.
        ClipSample = config.ClipSample ?? (sampler.ClassName == model.ClassName ? null : false),
        TimestepSpacing = choice.Spacing?.ToString().ToLowerInvariant() ?? config.TimestepSpacing,
        StepsOffset = choice.StepsOffset ?? config.StepsOffset,
        FinalSigmasType = !sampler.Takes(SamplerOptions.FinalSigma) ? null : choice.FinalSigma switch
        {
            FinalSigma.Zero => "zero",
            FinalSigma.SigmaMin => "sigma_min",
            _ => config.FinalSigmasType,
        },
        UseKarrasSigmas = Uses(sampler, SigmaSchedule.Karras, config.UseKarrasSigmas),
        UseExponentialSigmas = Uses(sampler, SigmaSchedule.Exponential, config.UseExponentialSigmas),
        UseBetaSigmas = Uses(sampler, SigmaSchedule.Beta, config.UseBetaSigmas),
        SigmaMin = sampler.Takes(SamplerOptions.SigmaBounds) ? config.SigmaMin : null,
        SigmaMax = sampler.Takes(SamplerOptions.SigmaBounds) ? config.SigmaMax : null,
        Shift = choice.Shift ?? config.Shift,
    };

    private bool Uses(SamplerDefinition sampler, SigmaSchedule schedule, bool? configured) =>
        sampler.Takes(SamplerOptions.Sigmas) && (choice.Sigmas is { } chosen ? chosen == schedule : configured is true);

    private void CheckChoice(SamplerDefinition sampler, SamplerPlan plan)
    {
        Unsupported(sampler, SamplerOptions.Spacing, choice.Spacing is not null, nameof(choice.Spacing));
        Unsupported(sampler, SamplerOptions.Spacing, choice.StepsOffset is not null, nameof(choice.StepsOffset));
        Unsupported(sampler, SamplerOptions.Sigmas, choice.Sigmas is not (null or SigmaSchedule.Default), nameof(choice.Sigmas));
        Unsupported(sampler, SamplerOptions.ZeroSnr, choice.RescaleBetasZeroSnr is true, nameof(choice.RescaleBetasZeroSnr));
        Unsupported(sampler, SamplerOptions.FinalSigma, choice.FinalSigma is not null, nameof(choice.FinalSigma));
        Unsupported(sampler, SamplerOptions.Eta, choice.Eta is not null, nameof(choice.Eta));
        Unsupported(sampler, SamplerOptions.Shift, choice.Shift is not null, nameof(choice.Shift));

        if (choice.Steps < 1 || choice.Steps > plan.TrainTimesteps)
            Report(nameof(choice.Steps), $"Steps are from 1 to {plan.TrainTimesteps}, the model's training timesteps.");
        if (choice.Eta is { } eta and not (>= 0 and <= 1))
            Report(nameof(choice.Eta), $"Eta is from 0 to 1, not {eta}.");
        if (choice.Shift is { } shift && !(shift > 0 && double.IsFinite(shift)))
            Report(nameof(choice.Shift), $"The shift is above 0, not {shift}.");
        if (choice.StepsOffset is { } offset && (offset < 0 || offset >= plan.TrainTimesteps))
            Report(nameof(choice.StepsOffset), $"The offset is from 0 to {plan.TrainTimesteps - 1}, not {offset}.");
    }

    private void CheckModel(SamplerDefinition sampler, SamplerPlan plan)
    {
        var config = plan.Config;
        if (plan.TrainTimesteps < 2)
            Report("model.num_train_timesteps", "A model has at least two training timesteps.");
        if (config.TrainedBetas is { } betas && betas.Count != plan.TrainTimesteps)
            Report("model.trained_betas", $"There are {betas.Count} betas for {plan.TrainTimesteps} training timesteps.");
        if (!IsShare(config.BetaStart))
            Report("model.beta_start", "Betas are above 0 and at most 1.");
        if (config.TrainedBetas?.All(beta => IsShare(beta)) is false)
            Report("model.trained_betas", "Betas are above 0 and at most 1.");
        if (!IsShare(config.BetaEnd))
            Report("model.beta_end", "Betas are above 0 and at most 1.");
        if (new[] { config.UseKarrasSigmas, config.UseExponentialSigmas, config.UseBetaSigmas }.Count(used => used is true) > 1)
            Report("model.use_karras_sigmas", "At most one of the Karras, exponential and beta noise levels can be used.");

        OneOf("prediction_type", config.PredictionType, sampler.PredictionTypes);
        OneOf("beta_schedule", config.BetaSchedule, BetaSchedules.Names);
        if (sampler.Takes(SamplerOptions.Spacing))
            OneOf("timestep_spacing", config.TimestepSpacing, ["leading", "trailing", "linspace"]);
        if (sampler.Takes(SamplerOptions.FinalSigma))
            OneOf("final_sigmas_type", config.FinalSigmasType, ["zero", "sigma_min"]);
        foreach (var (field, value, allowed) in sampler.Values)
            OneOf(field, value(config), allowed);

        static bool IsShare(double? beta) => beta is > 0 and <= 1;

        void OneOf(string field, string? value, IReadOnlyList<string> allowed)
        {
            if (value is not null && !allowed.Contains(value))
                Report($"model.{field}", $"The sampler {sampler.Name} takes {string.Join(", ", allowed)}, not {value}.");
        }
    }

    private void Unsupported(SamplerDefinition sampler, SamplerOptions option, bool chosen, string field)
    {
        if (chosen && !sampler.Takes(option))
            Report(field, $"The sampler {sampler.Name} does not have this option.");
    }
}
