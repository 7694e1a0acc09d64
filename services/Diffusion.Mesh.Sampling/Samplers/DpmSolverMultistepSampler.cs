namespace Diffusion.Mesh.Sampling;

/// <summary>
/// DPM-Solver and DPM-Solver++ of order 1 to 3, each also as a stochastic equation (Lu et al. 2022): a multistep method on the
/// converted model outputs. History: the last converted outputs (clean latents for the ++ kinds, noise for the others), newest
/// first, one fewer than the order.
/// </summary>
internal sealed class DpmSolverMultistepSampler : ISampler, IDefinedSampler
{
    // With fewer steps than this the last ones are taken at lower order, for stability.
    private const int FewSteps = 15;

    private readonly Timetable _timetable;
    private readonly SolverTable _table;
    private readonly DpmSolverAlgorithm _algorithm;
    private readonly OutputConversion _conversion;
    private readonly int _order;
    private readonly bool _heun;
    private readonly bool _lowerOrderAtEnd;
    private readonly bool _firstOrderAtEnd;

    private DpmSolverMultistepSampler(SamplerPlan plan)
    {
        var config = plan.Config;
        var schedule = NoiseSchedule.ForSigmas(plan);
        Name = plan.Name;
        _conversion = new OutputConversion(plan.Prediction, CleanLimit.Threshold(config));
        _table = SolverTable.Create(plan, schedule, new()
        {
            Clipped = schedule.TimestepsBelowLambda(config.LambdaMinClipped ?? double.NegativeInfinity),
            RoundsRespaced = config.BetaSchedule != "squaredcos_cap_v2",
        });
        _algorithm = new DpmSolverAlgorithm(_table, config.AlgorithmType);
        _timetable = new Timetable(plan, _table.Levels.Evaluations, _table.Levels.FinalSigma);
        _order = config.SolverOrder ?? 2;
        _heun = config.SolverType == "heun";
        _lowerOrderAtEnd = (config.LowerOrderFinal ?? true) && Evaluations.Count < FewSteps;
        _firstOrderAtEnd = _lowerOrderAtEnd || config.EulerAtFinal is true || !plan.EndsAtSigmaMin;
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        Define("dpmpp_2m", "dpmsolver++", order: 2),
        Define("dpmpp_2m_sde", "sde-dpmsolver++", order: 2),
        Define("dpmpp_3m", "dpmsolver++", order: 3),
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
        _conversion.Apply(_algorithm.OnClean, _table.At(state.Position), state.Latents, modelOutput, newest);

        var integral = _algorithm.Over(state.Position, state.Position + 1);
        var order = OrderAt(state);
        var (newer, older) = Weights(integral, state.Position, order);
        Spans.Scale(state.Latents, integral.Latents);
        Spans.AddScaled(state.Latents, integral.Constant, newest);
        if (order > 1)
            Spans.AddScaledDifference(state.Latents, newer, newest, state.History[0]);
        if (order > 2)
            Spans.AddScaledDifference(state.Latents, older, state.History[0], state.History[1]);
        if (_algorithm.Stochastic)
            Spans.AddScaled(state.Latents, integral.Noise, state.Draw(noise));

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
        var order = left == 1 && _firstOrderAtEnd ? 1 : left == 2 && _lowerOrderAtEnd ? 2 : _order;
        return Math.Min(Math.Min(order, _order), state.Taken + 1);
    }

    // The weights of the differences between the newest and the second output, and the second and the third.
    private (double Newer, double Older) Weights(DpmSolverIntegral integral, int position, int order)
    {
        if (order == 1)
            return (0, 0);

        var h = _algorithm.Rise(position, position + 1);
        var r0 = _algorithm.Rise(position - 1, position) / h;
        if (order == 2)
            return ((_heun ? integral.First : integral.Midpoint) / r0, 0);

        var r1 = _algorithm.Rise(position - 2, position - 1) / h;
        var curve = (integral.First * r0 + integral.Second) / (r0 + r1);
        return ((integral.First + curve) / r0, -curve / r1);
    }

    private static SamplerDefinition Define(string name, string algorithm, int order) => new()
    {
        Name = name,
        ClassName = "DPMSolverMultistepScheduler",
        Build = plan => new DpmSolverMultistepSampler(plan),
        Options = SamplerOptions.Spacing | SamplerOptions.Sigmas | SamplerOptions.ZeroSnr | SamplerOptions.FinalSigma,
        PredictionTypes = ["epsilon", "sample", "v_prediction", "flow_prediction"],
        Settle = config => config with { AlgorithmType = algorithm, SolverOrder = order },
        Values =
        [
            new("algorithm_type", config => config.AlgorithmType, "dpmsolver++", "dpmsolver", "sde-dpmsolver++", "sde-dpmsolver", "deis"),
            DpmSolverAlgorithm.SolverTypes,
            DpmSolverAlgorithm.VarianceTypes,
        ],
        Check = DpmSolverAlgorithm.Check,
    };
}
