namespace Diffusion.Mesh.Sampling;

/// <summary>Euler steps from noise level to noise level (Karras et al. 2022, algorithm 2 without churn). No history.</summary>
internal sealed class EulerSampler : ISampler, IDefinedSampler
{
    private readonly Timetable _timetable;
    private readonly SigmaTable _table;
    private readonly PredictionType _prediction;

    private EulerSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _prediction = plan.Prediction;
        _table = CreateTable(plan, NoiseSchedule.ForSigmas(plan));
        _timetable = new Timetable(plan, _table.Evaluations, _table.FinalSigma);
        InitialNoiseSigma = _table.InitialNoiseSigma(plan);
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "euler",
            ClassName = "EulerDiscreteScheduler",
            Build = plan => new EulerSampler(plan),
            Options = SamplerOptions.Spacing | SamplerOptions.Sigmas | SamplerOptions.ZeroSnr | SamplerOptions.FinalSigma
                | SamplerOptions.SigmaBounds,
            Values =
            [
                new("interpolation_type", config => config.InterpolationType, "linear", "log_linear"),
                new("timestep_type", config => config.TimestepType, "discrete", "continuous"),
            ],
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
        var (sigma, next) = (_table.Sigmas[state.Position], _table.Sigmas[state.Position + 1]);
        SigmaSpace.Derivative(_prediction, sigma, state.Latents, modelOutput, state.Scratch);
        Spans.AddScaled(state.Latents, next - sigma, state.Scratch);
        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        new Affine(1, _table.Sigmas[position]).Apply(clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean) =>
        SigmaSpace.PredictClean(_prediction, _table.Sigmas[position], latents, modelOutput, clean);

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);

    private static SigmaTable CreateTable(SamplerPlan plan, NoiseSchedule schedule)
    {
        var table = SigmaTable.Create(plan, schedule);
        if (plan.Config.InterpolationType == "log_linear")
        {
            // One level more than steps: the reference never reaches the final one.
            var logs = Torch.Linspace(Numpy.Log(schedule.Sigmas[^1]), Numpy.Log(schedule.Sigmas[0]), plan.Steps + 1);
            table = SigmaTable.Create(plan, schedule, table.Timesteps, [.. logs.Select(log => (double)MathF.Exp(log))]);
        }

        return plan is { Config.TimestepType: "continuous", Prediction: PredictionType.Velocity }
            ? table with { Timesteps = [.. table.Timesteps.Select((_, i) => (double)(0.25f * MathF.Log(table.Sigmas[i])))] }
            : table;
    }
}
