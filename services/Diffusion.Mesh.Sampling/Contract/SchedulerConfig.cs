using System.Text.Json;
using System.Text.Json.Serialization;

namespace Diffusion.Mesh.Sampling;

/// <summary>
/// A model's <c>scheduler_config.json</c>. Null means that the file does not say, and the sampler's own default holds, as when
/// diffusers loads it. Values are as the file has them: <see cref="Samplers.Check"/> says which a sampler cannot take.
/// </summary>
public sealed record SchedulerConfig
{
    /// <summary>The diffusers class, <c>_class_name</c>; it need not be one that can be built.</summary>
    [JsonPropertyName("_class_name")]
    public string ClassName { get; init; } = "";

    public int? NumTrainTimesteps { get; init; }

    /// <summary><c>epsilon</c>, <c>sample</c>, <c>v_prediction</c> or <c>flow_prediction</c>.</summary>
    public string? PredictionType { get; init; }

    // The noise schedule.
    public double? BetaStart { get; init; }
    public double? BetaEnd { get; init; }

    /// <summary><c>linear</c>, <c>scaled_linear</c>, <c>squaredcos_cap_v2</c>, <c>sigmoid</c>, <c>laplace</c> or <c>exp</c>.</summary>
    public string? BetaSchedule { get; init; }

    public IReadOnlyList<double>? TrainedBetas { get; init; }
    public bool? RescaleBetasZeroSnr { get; init; }
    public bool? SetAlphaToOne { get; init; }

    // The timesteps of a generation.

    /// <summary><c>leading</c>, <c>trailing</c> or <c>linspace</c>.</summary>
    public string? TimestepSpacing { get; init; }

    /// <summary><c>discrete</c> or <c>continuous</c>.</summary>
    public string? TimestepType { get; init; }

    public int? StepsOffset { get; init; }
    public int? OriginalInferenceSteps { get; init; }
    public double? TimestepScaling { get; init; }
    public bool? SkipPrkSteps { get; init; }

    // The noise levels of a generation.
    public bool? UseKarrasSigmas { get; init; }
    public bool? UseExponentialSigmas { get; init; }
    public bool? UseBetaSigmas { get; init; }
    public bool? UseLuLambdas { get; init; }
    public bool? UseFlowSigmas { get; init; }
    public double? SigmaMin { get; init; }
    public double? SigmaMax { get; init; }

    /// <summary><c>zero</c> or <c>sigma_min</c>.</summary>
    public string? FinalSigmasType { get; init; }

    /// <summary><c>linear</c> or <c>log_linear</c>.</summary>
    public string? InterpolationType { get; init; }

    public double? LambdaMinClipped { get; init; }

    // What is done to the clean prediction.
    public bool? ClipSample { get; init; }
    public double? ClipSampleRange { get; init; }
    public bool? Thresholding { get; init; }
    public double? DynamicThresholdingRatio { get; init; }
    public double? SampleMaxValue { get; init; }

    // The solver.
    public int? SolverOrder { get; init; }
    public string? AlgorithmType { get; init; }
    public string? SolverType { get; init; }
    public string? VarianceType { get; init; }
    public bool? LowerOrderFinal { get; init; }
    public bool? EulerAtFinal { get; init; }
    public bool? PredictX0 { get; init; }
    public IReadOnlyList<int>? DisableCorrector { get; init; }

    // Flow matching.
    public double? Shift { get; init; }
    public double? FlowShift { get; init; }
    public double? ShiftTerminal { get; init; }
    public bool? UseDynamicShifting { get; init; }

    public bool? InvertSigmas { get; init; }
    public bool? StochasticSampling { get; init; }

    /// <summary>Reads the file's text. Fields that no sampler uses are passed over.</summary>
    /// <exception cref="JsonException">The text is no JSON object, or a field has a value of the wrong kind.</exception>
    public static SchedulerConfig Parse(ReadOnlySpan<byte> utf8Json) => SchedulerConfigJson.Read(utf8Json);
}
