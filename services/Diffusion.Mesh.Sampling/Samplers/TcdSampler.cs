namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Strategic stochastic sampling of trajectory consistency distillation (Zheng et al. 2024): each step goes down along the
/// trajectory beyond the next timestep, the further the larger eta, and noises back up to it. No history.
/// </summary>
internal sealed class TcdSampler : ISampler, IDefinedSampler
{
    private const double DefaultEta = 0.3;

    private readonly Timetable _timetable;
    private readonly SignalTable _signal;
    private readonly int[] _timesteps;
    private readonly PredictionType _prediction;
    private readonly double _eta;

    private TcdSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _prediction = plan.Prediction;
        _eta = plan.Eta ?? DefaultEta;
        _signal = new SignalTable(NoiseSchedule.ForTimesteps(plan), lastIsOne: plan.Config.SetAlphaToOne ?? true);
        _timesteps = DistilledGrid.Spread(plan);
        _timetable = new Timetable(plan, _signal.Evaluations(_timesteps), _signal.SigmaAfterStep(0));
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "tcd",
            ClassName = "TCDScheduler",
            Build = plan => new TcdSampler(plan),
            Options = SamplerOptions.ZeroSnr | SamplerOptions.Eta,
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
        var timestep = _timesteps[state.Position];
        var last = state.Position == _timesteps.Length - 1;
        var next = last ? 0 : _timesteps[state.Position + 1];
        var below = _signal.At((int)MathF.Floor((float)(1 - _eta) * next));

        PredictClean(state.Position, state.Latents, modelOutput, state.Scratch);
        _signal.Noise(_prediction, timestep).Apply(state.Latents, modelOutput, state.Latents);
        new Affine(Math.Sqrt(1 - below), Math.Sqrt(below)).Apply(state.Latents, state.Scratch, state.Latents);
        if (_eta > 0 && !last)
        {
            var kept = _signal.At(next) / below;
            Spans.Scale(state.Latents, Math.Sqrt(kept));
            Spans.AddScaled(state.Latents, Math.Sqrt(1 - kept), state.Draw(noise));
        }

        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        _signal.AddNoise(_timesteps[position], clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean) =>
        _signal.Clean(_prediction, _timesteps[position]).Apply(latents, modelOutput, clean);

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);
}
