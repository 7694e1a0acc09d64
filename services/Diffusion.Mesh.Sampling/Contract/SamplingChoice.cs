namespace Diffusion.Mesh.Sampling;

/// <summary>How the training timesteps are thinned out to the requested steps (Lin et al. 2023, table 2).</summary>
public enum TimestepSpacing
{
    Leading,
    Trailing,
    Linspace,
}

/// <summary>How noise levels are spread over the steps.</summary>
public enum SigmaSchedule
{
    /// <summary>The noise levels of the spaced timesteps.</summary>
    Default,

    /// <summary>Karras et al. 2022, equation 5, rho 7.</summary>
    Karras,

    /// <summary>Equal steps in log sigma.</summary>
    Exponential,

    /// <summary>Quantiles of the beta distribution with alpha = beta = 0.6 (Lee et al. 2024).</summary>
    Beta,
}

/// <summary>The noise level that the last step ends on.</summary>
public enum FinalSigma
{
    Zero,

    /// <summary>The training schedule's smallest noise level.</summary>
    SigmaMin,
}

/// <summary>What a request chooses; null means the model's own value, or the sampler's default.</summary>
public sealed record SamplingChoice
{
    /// <summary>The steps asked for, from 1 to the model's training timesteps; some samplers call the model more often.</summary>
    public required int Steps { get; init; }

    /// <summary>A short name (<c>euler_a</c>) or a diffusers class name.</summary>
    public string? Sampler { get; init; }

    public TimestepSpacing? Spacing { get; init; }

    public SigmaSchedule? Sigmas { get; init; }

    /// <summary>Added to every timestep by leading spacing.</summary>
    public int? StepsOffset { get; init; }

    /// <summary>Rescale the betas so that the last training timestep is pure noise (Lin et al. 2023, algorithm 1).</summary>
    public bool? RescaleBetasZeroSnr { get; init; }

    public FinalSigma? FinalSigma { get; init; }

    /// <summary>The share of fresh noise in a step, from 0 to 1; DDIM and TCD.</summary>
    public double? Eta { get; init; }

    /// <summary>The timestep shift of flow matching, above 0.</summary>
    public double? Shift { get; init; }
}
