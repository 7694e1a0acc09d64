namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Ancestral sampling with Euler steps (k-diffusion, after Song et al. 2020): each step goes below the next level and adds noise
/// back. No history.
/// </summary>
internal sealed class EulerAncestralSampler : ISampler, IDefinedSampler
{
    private readonly Timetable _timetable;
    private readonly SigmaTable _table;
    private readonly PredictionType _prediction;

    private EulerAncestralSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _prediction = plan.Prediction;
        _table = SigmaTable.Create(plan, NoiseSchedule.ForSigmas(plan));
        _timetable = new Timetable(plan, _table.Evaluations, _table.FinalSigma);
        InitialNoiseSigma = _table.InitialNoiseSigma(plan);
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "euler_a",
            ClassName = "EulerAncestralDiscreteScheduler",
            Build = plan => new EulerAncestralSampler(plan),
            Options = SamplerOptions.Spacing | SamplerOptions.ZeroSnr,
            PredictionTypes = ["epsilon", "v_prediction"],
        },
    ];

    public string Name { get; }

    public IReadOnlyList<Evaluation> Evaluations => _timetable.Evaluations;

    public double FinalSigma => _timetable.FinalSigma;

    public double InitialNoiseSigma { get; }

    public int HistorySlots => 0;

    public void ScaleInput(int position, ReadOnlySpan<float> latents, Span<float> modelInput) =>
        SigmaSpace.ScaleInput(_table.Sigmas[position], latents, modelInput);

    public void Step(SamplerState state, ReadOnlySpan<float> modelOutput, NoiseStream noise)
    {
        var sigma = _table.Sigmas[state.Position];
        var (down, up) = SigmaSpace.Ancestral(sigma, _table.Sigmas[state.Position + 1]);
        SigmaSpace.Derivative(_prediction, sigma, state.Latents, modelOutput, state.Scratch);
        Spans.AddScaled(state.Latents, down - sigma, state.Scratch);
        Spans.AddScaled(state.Latents, up, state.Draw(noise));
        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        new Affine(1, _table.Sigmas[position]).Apply(clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean) =>
        SigmaSpace.PredictClean(_prediction, _table.Sigmas[position], latents, modelOutput, clean);

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);
}
