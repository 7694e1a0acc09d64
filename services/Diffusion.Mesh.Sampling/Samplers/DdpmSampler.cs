namespace Diffusion.Mesh.Sampling;

/// <summary>Denoising diffusion probabilistic models (Ho et al. 2020, algorithm 2). No history.</summary>
internal sealed class DdpmSampler : ISampler, IDefinedSampler
{
    private const double SmallestVariance = 1e-20;

    private readonly Timetable _timetable;
    private readonly SignalTable _signal;
    private readonly int[] _timesteps;
    private readonly CleanLimit _limit;
    private readonly PredictionType _prediction;
    private readonly bool _largeVariance;

    private DdpmSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _prediction = plan.Prediction;
        _limit = CleanLimit.ThresholdOrClip(plan.Config, clips: true);
        _largeVariance = plan.Config.VarianceType == "fixed_large";
        _signal = new SignalTable(NoiseSchedule.ForTimesteps(plan), lastIsOne: true);
        _timesteps = TimestepGrid.SpreadWhole(plan, TimestepSpacing.Leading);
        _timetable = new Timetable(plan, _signal.Evaluations(_timesteps));
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "ddpm",
            ClassName = "DDPMScheduler",
            Build = plan => new DdpmSampler(plan),
            Options = SamplerOptions.Spacing | SamplerOptions.ZeroSnr,
            Values = [new("variance_type", config => config.VarianceType, "fixed_small", "fixed_small_log", "fixed_large")],
            Check = TimestepGrid.CheckWhole,
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
        var timestep = _timesteps[state.Position];
        var next = state.Position + 1 < _timesteps.Length ? _timesteps[state.Position + 1] : -1;
        var (signal, signalAfter) = (_signal.At(timestep), _signal.AfterStep(next));
        var added = 1 - signal / signalAfter;

        PredictClean(state.Position, state.Latents, modelOutput, state.Scratch);
        Spans.Scale(state.Latents, Math.Sqrt(signal / signalAfter) * (1 - signalAfter) / (1 - signal));
        Spans.AddScaled(state.Latents, Math.Sqrt(signalAfter) * added / (1 - signal), state.Scratch);
        if (timestep > 0)
        {
            var variance = _largeVariance ? added : Math.Max((1 - signalAfter) / (1 - signal) * added, SmallestVariance);
            Spans.AddScaled(state.Latents, Math.Sqrt(variance), state.Draw(noise));
        }

        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        _signal.AddNoise(_timesteps[position], clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean)
    {
        _signal.Clean(_prediction, _timesteps[position]).Apply(latents, modelOutput, clean);
        _limit.Apply(clean);
    }

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);
}
