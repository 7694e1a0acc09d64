namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Multistep sampling of latent consistency models (Luo et al. 2023): each step predicts the clean latents and noises them to
/// the next timestep. No history.
/// </summary>
internal sealed class LcmSampler : ISampler, IDefinedSampler
{
    // The deviation of the data that the boundary condition of consistency models assumes (Song et al. 2023).
    private const double DataDeviation = 0.5;

    private readonly Timetable _timetable;
    private readonly SignalTable _signal;
    private readonly int[] _timesteps;
    private readonly CleanLimit _limit;
    private readonly PredictionType _prediction;
    private readonly double _scaling;

    private LcmSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _prediction = plan.Prediction;
        _limit = CleanLimit.ThresholdOrClip(plan.Config, clips: false);
        _scaling = plan.Config.TimestepScaling ?? 10;
        _signal = new SignalTable(NoiseSchedule.ForTimesteps(plan), lastIsOne: plan.Config.SetAlphaToOne ?? true);
        _timesteps = DistilledGrid.Spread(plan);
        _timetable = new Timetable(plan, _signal.Evaluations(_timesteps));
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "lcm",
            ClassName = "LCMScheduler",
            Build = plan => new LcmSampler(plan),
            Options = SamplerOptions.ZeroSnr,
            DefaultBetas = BetaRange.Latents,
            Check = DistilledGrid.Check,
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
        PredictClean(state.Position, state.Latents, modelOutput, state.Scratch);
        state.Scratch.CopyTo(state.Latents);
        if (++state.Position == _timesteps.Length)
            return;

        var signal = _signal.AfterStep(_timesteps[state.Position]);
        Spans.Scale(state.Latents, Math.Sqrt(signal));
        Spans.AddScaled(state.Latents, Math.Sqrt(1 - signal), state.Draw(noise));
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        _signal.AddNoise(_timesteps[position], clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean)
    {
        var scaled = _timesteps[position] * _scaling;
        var square = scaled * scaled + DataDeviation * DataDeviation;
        _signal.Clean(_prediction, _timesteps[position]).Apply(latents, modelOutput, clean);
        _limit.Apply(clean);
        new Affine(DataDeviation * DataDeviation / square, scaled / Math.Sqrt(square)).Apply(latents, clean, clean);
    }

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);
}
