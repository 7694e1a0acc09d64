namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Diffusion exponential integrator sampler (Zhang and Chen 2022), multistep in log rho, of order 1 to 3. History: the last
/// noise predictions, newest first, one fewer than the order.
/// </summary>
internal sealed class DeisSampler : ISampler, IDefinedSampler
{
    // With fewer steps than this the last ones are taken at lower order, for stability.
    private const int FewSteps = 15;

    private readonly Timetable _timetable;
    private readonly SolverTable _table;
    private readonly OutputConversion _conversion;
    private readonly int _order;
    private readonly bool _lowerOrderAtEnd;

    // By position and order.
    private readonly double[][][] _weights;

    private DeisSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _conversion = new OutputConversion(plan.Prediction, CleanLimit.Threshold(plan.Config));
        _table = SolverTable.Create(plan, NoiseSchedule.ForSigmas(plan), new() { AlwaysEndsAtMinimum = true, EndsAtOwnMinimum = true });
        _timetable = new Timetable(plan, _table.Levels.Evaluations, _table.Levels.FinalSigma);
        _order = plan.Config.SolverOrder ?? 2;
        _lowerOrderAtEnd = (plan.Config.LowerOrderFinal ?? true) && Evaluations.Count < FewSteps;
        _weights =
        [
            .. Enumerable.Range(0, Evaluations.Count).Select(position =>
                Enumerable.Range(1, Math.Min(_order, position + 1)).Select(order => Weights(position, order)).ToArray()),
        ];
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "deis",
            ClassName = "DEISMultistepScheduler",
            Build = plan => new DeisSampler(plan),
            Options = SamplerOptions.Spacing | SamplerOptions.Sigmas,
            PredictionTypes = ["epsilon", "sample", "v_prediction", "flow_prediction"],
            Settle = config => config with { AlgorithmType = null },
            Values =
            [
                new("algorithm_type", config => config.AlgorithmType, "deis", "dpmsolver", "dpmsolver++"),
                DpmSolverAlgorithm.SolverTypes,
            ],
            Check = Check,
        },
    ];

    public string Name { get; }

    public IReadOnlyList<Evaluation> Evaluations => _timetable.Evaluations;

    public double FinalSigma => _timetable.FinalSigma;

    public double InitialNoiseSigma => 1;

    public int HistorySlots => _order - 1;

    public void ScaleInput(int position, ReadOnlySpan<float> latents, Span<float> modelInput) => latents.CopyTo(modelInput);

    public void Step(SamplerState state, ReadOnlySpan<float> modelOutput, NoiseStream noise)
    {
        var newest = state.Scratch;
        _conversion.Apply(toClean: false, _table.At(state.Position), state.Latents, modelOutput, newest);

        var ((signal, _), (signalAfter, _)) = (_table.At(state.Position), _table.At(state.Position + 1));
        var weights = _weights[state.Position][OrderAt(state) - 1];
        Spans.Scale(state.Latents, signalAfter / signal);
        Spans.AddScaled(state.Latents, signalAfter * weights[0], newest);
        for (var i = 1; i < weights.Length; i++)
            Spans.AddScaled(state.Latents, signalAfter * weights[i], state.History[i - 1]);

        state.Remember(newest);
        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        _table.AddNoise(position, clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean) =>
        _conversion.ToClean(_table.At(position), latents, modelOutput, clean);

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);

    private int OrderAt(SamplerState state)
    {
        var left = Evaluations.Count - state.Position;
        var order = _lowerOrderAtEnd ? Math.Min(_order, left) : _order;
        return Math.Min(order, state.Taken + 1);
    }

    // In rho, the ratio of noise to signal: the integrals over a step of the Lagrange polynomials in log rho.
    private double[] Weights(int position, int order)
    {
        var (to, from) = (Rho(position + 1), Rho(position));
        if (order == 1)
            return [to - (double)from];

        var before = Rho(position - 1);
        if (order == 2)
            return [DeisIntegral.Line(from, to, from, before), DeisIntegral.Line(from, to, before, from)];

        var oldest = Rho(position - 2);
        return
        [
            DeisIntegral.Parabola(from, to, from, before, oldest),
            DeisIntegral.Parabola(from, to, before, oldest, from),
            DeisIntegral.Parabola(from, to, oldest, from, before),
        ];
    }

    private float Rho(int index)
    {
        var (signal, deviation) = _table.At(index);
        return (float)deviation / (float)signal;
    }

    private static IEnumerable<SamplingProblem> Check(SamplerPlan plan)
    {
        if (plan.Config.SolverOrder is < 1 or > 3)
            yield return new("model.solver_order", $"The order is from 1 to 3, not {plan.Config.SolverOrder}.");
        foreach (var problem in SolverTable.Check(plan))
            yield return problem;
    }
}
