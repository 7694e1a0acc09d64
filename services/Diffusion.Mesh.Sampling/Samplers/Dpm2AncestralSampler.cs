namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Ancestral sampling with DPM-Solver-2 steps (k-diffusion): each step goes below the next noise level, by way of the geometric
/// mean, and adds noise back. History: the latents at the step's beginning.
/// </summary>
internal sealed class Dpm2AncestralSampler : ISampler, IDefinedSampler
{
    private readonly Timetable _timetable;
    private readonly float[] _sigmas;
    private readonly float[] _middles;
    private readonly (float Down, float Up)[] _targets;
    private readonly PredictionType _prediction;

    private Dpm2AncestralSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _prediction = plan.Prediction;
        var schedule = NoiseSchedule.ForSigmas(plan);
        var table = MidpointGrid.Create(plan, schedule);
        _sigmas = table.Sigmas;
        _targets = [.. _sigmas.Skip(1).Select((next, step) => SigmaSpace.Ancestral(_sigmas[step], next))];
        _middles = [.. _targets.Select((target, step) => MidpointGrid.Middle(_sigmas[step], target.Down))];
        InitialNoiseSigma = table.InitialNoiseSigma(plan);
        _timetable = MidpointGrid.Interleave(plan, schedule, table, _middles);
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "dpm2_a",
            ClassName = "KDPM2AncestralDiscreteScheduler",
            Build = plan => new Dpm2AncestralSampler(plan),
            Options = SamplerOptions.Spacing | SamplerOptions.Sigmas,
            PredictionTypes = ["epsilon", "v_prediction"],
            DefaultBetas = BetaRange.LatentsLinear,
        },
    ];

    public string Name { get; }

    public IReadOnlyList<Evaluation> Evaluations => _timetable.Evaluations;

    public double FinalSigma => _timetable.FinalSigma;

    public double InitialNoiseSigma { get; }

    public int HistorySlots => 1;

    public void ScaleInput(int position, ReadOnlySpan<float> latents, Span<float> modelInput) =>
        SigmaSpace.ScaleInput(LevelAt(position), latents, modelInput);

    public void Step(SamplerState state, ReadOnlySpan<float> modelOutput, NoiseStream noise)
    {
        var step = state.Position / 2;
        var begin = state.History[0];
        SigmaSpace.Derivative(_prediction, LevelAt(state.Position), state.Latents, modelOutput, state.Scratch);
        if (state.Position % 2 == 0)
        {
            state.Latents.CopyTo(begin, 0);
            Spans.AddScaled(state.Latents, _middles[step] - _sigmas[step], state.Scratch);
        }
        else
        {
            begin.CopyTo(state.Latents, 0);
            Spans.AddScaled(state.Latents, _targets[step].Down - _sigmas[step], state.Scratch);
            Spans.AddScaled(state.Latents, _targets[step].Up, state.Draw(noise));
        }

        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        new Affine(1, _sigmas[(position + 1) / 2]).Apply(clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean) =>
        SigmaSpace.PredictClean(_prediction, LevelAt(position), latents, modelOutput, clean);

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);

    private float LevelAt(int position) => position % 2 == 0 ? _sigmas[position / 2] : _middles[position / 2];
}
