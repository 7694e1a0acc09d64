namespace Diffusion.Mesh.Sampling;

/// <summary>Denoising diffusion implicit models (Song et al. 2020, equation 12); eta 1 gives DDPM's noise, 0 none. No history.</summary>
internal sealed class DdimSampler : ISampler, IDefinedSampler
{
    private readonly Timetable _timetable;
    private readonly SignalTable _signal;
    private readonly int[] _timesteps;
    private readonly int _stride;
    private readonly CleanLimit _limit;
    private readonly PredictionType _prediction;
    private readonly double _eta;

    private DdimSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _prediction = plan.Prediction;
        _eta = plan.Eta ?? 0;
        _limit = CleanLimit.ThresholdOrClip(plan.Config, clips: true);
        _signal = new SignalTable(NoiseSchedule.ForTimesteps(plan), lastIsOne: plan.Config.SetAlphaToOne ?? true);
        _timesteps = TimestepGrid.SpreadWhole(plan, TimestepSpacing.Leading);
        _stride = plan.TrainTimesteps / plan.Steps;
        _timetable = new Timetable(plan, _signal.Evaluations(_timesteps), _signal.SigmaAfterStep(_timesteps[^1] - _stride));
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "ddim",
            ClassName = "DDIMScheduler",
            Build = plan => new DdimSampler(plan),
            Options = SamplerOptions.Spacing | SamplerOptions.ZeroSnr | SamplerOptions.Eta,
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
        var (now, next) = (_signal.At(timestep), _signal.AfterStep(timestep - _stride));
        var variance = (1 - next) / (1 - now) * (1 - now / next);
        var deviation = _eta * Math.Sqrt(variance);

        PredictClean(state.Position, state.Latents, modelOutput, state.Scratch);
        _signal.Noise(_prediction, timestep).Apply(state.Latents, modelOutput, state.Latents);
        new Affine(Math.Sqrt(1 - next - deviation * deviation), Math.Sqrt(next)).Apply(state.Latents, state.Scratch, state.Latents);
        if (_eta > 0)
            Spans.AddScaled(state.Latents, deviation, state.Draw(noise));
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
