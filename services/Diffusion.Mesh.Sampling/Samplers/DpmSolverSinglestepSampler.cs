namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Singlestep DPM-Solver and DPM-Solver++ (Lu et al. 2022): groups of 1, 2 or 3 evaluations, each of which steps again from the
/// latents at the group's beginning. History: the last converted outputs, newest first, one fewer than the order; then the
/// latents at the group's beginning.
/// </summary>
internal sealed class DpmSolverSinglestepSampler : ISampler, IDefinedSampler
{
    private readonly Timetable _timetable;
    private readonly SolverTable _table;
    private readonly DpmSolverAlgorithm _algorithm;
    private readonly OutputConversion _conversion;
    private readonly int[] _orders;
    private readonly int _order;
    private readonly bool _heun;

    private DpmSolverSinglestepSampler(SamplerPlan plan)
    {
        var config = plan.Config;
        var schedule = NoiseSchedule.ForSigmas(plan);
        Name = plan.Name;
        _conversion = new OutputConversion(plan.Prediction, CleanLimit.Threshold(config));
        _table = SolverTable.Create(plan, schedule, new()
        {
            Clipped = schedule.TimestepsBelowLambda(config.LambdaMinClipped ?? double.NegativeInfinity),
            FixedSpacing = true,
        });
        _algorithm = new DpmSolverAlgorithm(_table, config.AlgorithmType);
        _timetable = new Timetable(plan, _table.Levels.Evaluations, _table.Levels.FinalSigma);
        _order = config.SolverOrder ?? 2;
        _heun = config.SolverType == "heun";
        _orders = Orders(plan, _order);
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "dpmpp_2s",
            ClassName = "DPMSolverSinglestepScheduler",
            Build = plan => new DpmSolverSinglestepSampler(plan),
            Options = SamplerOptions.Sigmas | SamplerOptions.FinalSigma,
            PredictionTypes = ["epsilon", "sample", "v_prediction", "flow_prediction"],
            Settle = config => config with { AlgorithmType = "dpmsolver++", SolverOrder = 2 },
            Values =
            [
                new("algorithm_type", config => config.AlgorithmType, "dpmsolver++", "dpmsolver", "sde-dpmsolver++", "deis"),
                DpmSolverAlgorithm.SolverTypes,
                DpmSolverAlgorithm.VarianceTypes,
            ],
            Check = DpmSolverAlgorithm.Check,
        },
    ];

    public string Name { get; }

    public IReadOnlyList<Evaluation> Evaluations => _timetable.Evaluations;

    public double FinalSigma => _timetable.FinalSigma;

    public double InitialNoiseSigma => 1;

    public int HistorySlots => _order;

    public void ScaleInput(int position, ReadOnlySpan<float> latents, Span<float> modelInput) => latents.CopyTo(modelInput);

    public void Step(SamplerState state, ReadOnlySpan<float> modelOutput, NoiseStream noise)
    {
        var newest = state.Scratch;
        _conversion.Apply(_algorithm.OnClean, _table.At(state.Position), state.Latents, modelOutput, newest);

        // Image to image may begin inside a group; what is not there yet lowers the order.
        var order = Math.Min(_orders[state.Position], state.Taken + 1);
        var begin = state.History[^1];
        if (order == 1)
            state.Latents.CopyTo(begin, 0);

        var integral = _algorithm.Over(state.Position - order + 1, state.Position + 1);
        var (newer, older) = Weights(integral, state.Position, order);
        var first = order == 1 ? newest : state.History[order - 2];
        begin.CopyTo(state.Latents, 0);
        Spans.Scale(state.Latents, integral.Latents);
        Spans.AddScaled(state.Latents, integral.Constant, first);
        if (order > 1)
            Spans.AddScaledDifference(state.Latents, newer, newest, first);
        if (order > 2)
            Spans.AddScaledDifference(state.Latents, older, state.History[0], first);
        if (_algorithm.Stochastic)
            Spans.AddScaled(state.Latents, integral.Noise, state.Draw(noise));

        state.Remember(newest, slots: _order - 1);
        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        _table.AddNoise(position, clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean) =>
        _conversion.ToClean(_table.At(position), latents, modelOutput, clean);

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);

    // The weights of the differences of the newest and the second output from the group's first.
    private (double Newer, double Older) Weights(DpmSolverIntegral integral, int position, int order)
    {
        if (order == 1)
            return (0, 0);

        var begin = position - order + 1;
        var h = _algorithm.Rise(begin, position + 1);
        var r0 = _algorithm.Rise(begin, position) / h;
        if (order == 2)
            return ((_heun ? integral.First : integral.Midpoint) / r0, 0);
        if (!_heun)
            return (integral.First / r0, 0);

        var r1 = _algorithm.Rise(begin, position - 1) / h;
        return (
            (-r1 * integral.First + 2 * integral.Second) / (r0 - r1) / r0,
            (r0 * integral.First - 2 * integral.Second) / (r0 - r1) / r1);
    }

    // 1, 2 (, 3) in turn; the last group is cut so that a whole number of steps comes out and the end is taken gently.
    private static int[] Orders(SamplerPlan plan, int order)
    {
        var lowerAtEnd = plan.Config.LowerOrderFinal is true || plan.Steps % order != 0 || !plan.EndsAtSigmaMin;
        int[] orders = [.. Enumerable.Range(0, plan.Steps).Select(step => step % order + 1)];
        if (lowerAtEnd && plan.Steps % order == 0)
            orders[^1] = 1;
        if (!plan.EndsAtSigmaMin)
            orders[^1] = 1;
        return orders;
    }
}
