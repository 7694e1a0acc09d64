using System.Numerics;

namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Euler steps along the straight paths of flow matching (Lipman et al. 2022; timestep shift of Esser et al. 2024), where the
/// latents are (1 - sigma) * clean + sigma * noise. No history.
/// </summary>
internal sealed class FlowEulerSampler : ISampler, IDefinedSampler
{
    private readonly Timetable _timetable;
    private readonly float[] _sigmas;
    private readonly int _steps;
    private readonly bool _stochastic;

    private FlowEulerSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _steps = plan.Steps;
        _stochastic = plan.Config.StochasticSampling is true;
        _sigmas = Levels(plan);
        _timetable = new Timetable(plan, _sigmas[..^1].Select(sigma => new Evaluation(sigma * plan.TrainTimesteps, sigma)), _sigmas[^1]);
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "flow_euler",
            ClassName = "FlowMatchEulerDiscreteScheduler",
            Build = plan => new FlowEulerSampler(plan),
            Options = SamplerOptions.Sigmas | SamplerOptions.Shift,
            PredictionTypes = ["flow_prediction"],
            DefaultPrediction = "flow_prediction",
            Check = Check,
        },
    ];

    public string Name { get; }

    public IReadOnlyList<Evaluation> Evaluations => _timetable.Evaluations;

    public double FinalSigma => _timetable.FinalSigma;

    public double InitialNoiseSigma => 1;

    public int HistorySlots => 0;

    public void ScaleInput(int position, ReadOnlySpan<float> latents, Span<float> modelInput) => latents.CopyTo(modelInput);

    public void Step(SamplerState state, ReadOnlySpan<float> modelOutput, NoiseStream noise)
    {
        var (sigma, next) = (_sigmas[state.Position], _sigmas[state.Position + 1]);
        if (_stochastic)
        {
            PredictClean(state.Position, state.Latents, modelOutput, state.Latents);
            Spans.Scale(state.Latents, 1 - next);
            Spans.AddScaled(state.Latents, next, state.Draw(noise));
        }
        else
        {
            Spans.AddScaled(state.Latents, next - sigma, modelOutput);
        }

        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        new Affine(1 - _sigmas[position], _sigmas[position]).Apply(clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean) =>
        Prediction.Clean(PredictionType.Flow, 1 - _sigmas[position], _sigmas[position]).Apply(latents, modelOutput, clean);

    // The flow pipelines cut the steps before rounding, the others after.
    public int StartForStrength(double strength) => (int)Math.Max(_steps - Math.Min(_steps * strength, _steps), 0);

    private static IEnumerable<SamplingProblem> Check(SamplerPlan plan)
    {
        if (plan.Config.UseDynamicShifting is true)
            yield return new("model.use_dynamic_shifting", "A shift that depends on the size of the picture is not supported.");
        if (plan.Config.Shift is <= 0)
            yield return new("model.shift", "The shift is above 0.");
    }

    private static float[] Levels(SamplerPlan plan)
    {
        // The range is shifted as well as what is spread over it, as in the reference.
        var shift = plan.Config.Shift ?? 1;
        var smallest = Shifted((float)(1.0 / plan.TrainTimesteps), (float)shift);
        var largest = Shifted(1, (float)shift);
        double[] sigmas =
        [
            .. Numpy.Linspace((double)largest * plan.TrainTimesteps, (double)smallest * plan.TrainTimesteps, plan.Steps)
                .Select(timestep => Shifted(timestep / plan.TrainTimesteps, shift)),
        ];
        if (plan.Config.ShiftTerminal is { } terminal and not 0)
        {
            var stretch = (1 - sigmas[^1]) / (1 - terminal);
            sigmas = [.. sigmas.Select(sigma => 1 - (1 - sigma) / stretch)];
        }

        if (plan.Sigmas != SigmaSchedule.Default)
            sigmas = SigmaSchedules.Respace(plan.Sigmas, sigmas[^1], sigmas[0], plan.Steps);
        return plan.Config.InvertSigmas is true
            ? [.. sigmas.Select(sigma => 1 - (float)sigma), 1]
            : [.. sigmas.Select(sigma => (float)sigma), 0];
    }

    private static T Shifted<T>(T sigma, T shift) where T : IFloatingPoint<T> => shift * sigma / (T.One + (shift - T.One) * sigma);
}
