namespace Diffusion.Mesh.Sampling;

/// <summary>A sampler's class states what can be built from it; <see cref="Samplers"/> finds every class that does.</summary>
internal interface IDefinedSampler
{
    static abstract IReadOnlyList<SamplerDefinition> Definitions { get; }
}

/// <summary>What a sampler can take of a <see cref="SamplingChoice"/> and of a model's configuration.</summary>
[Flags]
internal enum SamplerOptions
{
    None = 0,
    Spacing = 1 << 0,
    Sigmas = 1 << 1,
    ZeroSnr = 1 << 2,
    FinalSigma = 1 << 3,
    Eta = 1 << 4,
    Shift = 1 << 5,

    /// <summary>No choice of a request: the class has <c>sigma_min</c> and <c>sigma_max</c> in its configuration.</summary>
    SigmaBounds = 1 << 6,
}

/// <summary>One short name: which class it builds, and what the class can take.</summary>
internal sealed record SamplerDefinition
{
    public required string Name { get; init; }

    /// <summary>The diffusers class.</summary>
    public required string ClassName { get; init; }

    public required Func<SamplerPlan, ISampler> Build { get; init; }

    public SamplerOptions Options { get; init; }

    /// <summary>The values of <c>prediction_type</c> that the class knows.</summary>
    public IReadOnlyList<string> PredictionTypes { get; init; } = ["epsilon", "sample", "v_prediction"];

    /// <summary>Fields with a closed set of values, by their name in the file: the value in a configuration and those allowed.</summary>
    public IReadOnlyList<AllowedValues> Values { get; init; } = [];

    /// <summary>What the short name settles whatever the model's file says; asking by the class name leaves it to the file.</summary>
    public Func<SchedulerConfig, SchedulerConfig> Settle { get; init; } = config => config;

    /// <summary>What else can be wrong, looked at when nothing simpler is.</summary>
    public Func<SamplerPlan, IEnumerable<SamplingProblem>> Check { get; init; } = _ => [];

    /// <summary>The betas that the class assumes when a file says nothing of them.</summary>
    public BetaRange DefaultBetas { get; init; } = BetaRange.Pixels;

    /// <summary>The prediction type that the class assumes when a file says nothing of it.</summary>
    public string DefaultPrediction { get; init; } = "epsilon";

    public bool Takes(SamplerOptions option) => Options.HasFlag(option);
}

internal readonly record struct AllowedValues(string Field, Func<SchedulerConfig, string?> Value, params string[] Allowed);

/// <summary>A class's default noise schedule.</summary>
internal readonly record struct BetaRange(double Start, double End, string Schedule)
{
    /// <summary>Ho et al. 2020.</summary>
    public static BetaRange Pixels { get; } = new(0.0001, 0.02, "linear");

    /// <summary>What diffusers' second-order samplers assume: the range of latent models, but linear.</summary>
    public static BetaRange LatentsLinear { get; } = new(0.00085, 0.012, "linear");

    /// <summary>Rombach et al. 2022.</summary>
    public static BetaRange Latents { get; } = new(0.00085, 0.012, "scaled_linear");
}

/// <summary>A checked choice, laid over the model's configuration.</summary>
internal sealed record SamplerPlan(string Name, SchedulerConfig Config, int Steps, double? Eta)
{
    public int TrainTimesteps => Config.NumTrainTimesteps ?? 1000;

    public TimestepSpacing SpacingOr(TimestepSpacing fallback) =>
        Config.TimestepSpacing is { } name ? Enum.Parse<TimestepSpacing>(name, ignoreCase: true) : fallback;

    public PredictionType Prediction => Config.PredictionType switch
    {
        "sample" => PredictionType.Sample,
        "v_prediction" => PredictionType.Velocity,
        "flow_prediction" => PredictionType.Flow,
        _ => PredictionType.Epsilon,
    };

    public SigmaSchedule Sigmas => Config switch
    {
        { UseKarrasSigmas: true } => SigmaSchedule.Karras,
        { UseExponentialSigmas: true } => SigmaSchedule.Exponential,
        { UseBetaSigmas: true } => SigmaSchedule.Beta,
        _ => SigmaSchedule.Default,
    };

    public bool EndsAtSigmaMin => Config.FinalSigmasType == "sigma_min";
}
