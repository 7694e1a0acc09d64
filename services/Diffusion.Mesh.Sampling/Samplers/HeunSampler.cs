namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Heun's second-order steps (Karras et al. 2022, algorithm 2 without churn): an Euler step, then again with the mean of the
/// derivatives at both ends. History: the latents and the derivative at the step's beginning.
/// </summary>
internal sealed class HeunSampler : ISampler, IDefinedSampler
{
    private readonly Timetable _timetable;
    private readonly float[] _sigmas;
    private readonly PredictionType _prediction;
    private readonly CleanLimit _limit;

    private HeunSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _prediction = plan.Prediction;
        _limit = CleanLimit.Clip(plan.Config);
        var table = SigmaTable.Create(plan, NoiseSchedule.ForSigmas(plan));
        _sigmas = table.Sigmas;
        InitialNoiseSigma = table.InitialNoiseSigma(plan);

        // Every level but the first is evaluated twice: at the end of a step and at the beginning of the next.
        _timetable = new Timetable(plan, table.Evaluations.SelectMany((evaluation, i) => Enumerable.Repeat(evaluation, i == 0 ? 1 : 2)),
            table.FinalSigma, callsPerStep: 2);
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "heun",
            ClassName = "HeunDiscreteScheduler",
            Build = plan => new HeunSampler(plan),
            Options = SamplerOptions.Spacing | SamplerOptions.Sigmas,
            DefaultBetas = BetaRange.LatentsLinear,
        },
    ];

    public string Name { get; }

    public IReadOnlyList<Evaluation> Evaluations => _timetable.Evaluations;

    public double FinalSigma => _timetable.FinalSigma;

    public double InitialNoiseSigma { get; }

    public int HistorySlots => 2;

    public void ScaleInput(int position, ReadOnlySpan<float> latents, Span<float> modelInput) =>
        SigmaSpace.ScaleInput(SigmaAt(position), latents, modelInput);

    public void Step(SamplerState state, ReadOnlySpan<float> modelOutput, NoiseStream noise)
    {
        var (begin, slope) = (state.History[0], state.History[1]);
        var step = state.Position / 2;
        var width = _sigmas[step + 1] - _sigmas[step];
        if (state.Position % 2 == 0)
        {
            state.Latents.CopyTo(begin, 0);
            Derivative(state.Position, state.Latents, modelOutput, slope);
            Spans.AddScaled(state.Latents, width, slope);
        }
        else
        {
            Derivative(state.Position, state.Latents, modelOutput, state.Scratch);
            new Affine(0.5, 0.5).Apply(slope, state.Scratch, state.Scratch);
            begin.CopyTo(state.Latents, 0);
            Spans.AddScaled(state.Latents, width, state.Scratch);
        }

        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        new Affine(1, SigmaAt(position)).Apply(clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean)
    {
        SigmaSpace.PredictClean(_prediction, SigmaAt(position), latents, modelOutput, clean);
        _limit.Apply(clean);
    }

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);

    private float SigmaAt(int position) => _sigmas[(position + 1) / 2];

    private void Derivative(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> derivative)
    {
        PredictClean(position, latents, modelOutput, derivative);
        SigmaSpace.Derivative(SigmaAt(position), latents, derivative, derivative);
    }
}
