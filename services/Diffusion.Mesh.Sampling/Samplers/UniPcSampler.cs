namespace Diffusion.Mesh.Sampling;

/// <summary>
/// UniPC (Zhao et al. 2023): before each step the last one is corrected with the new model output. History: the last converted
/// outputs (clean latents or noise), newest first, as many as the order; then the latents that the last step began with.
/// </summary>
internal sealed class UniPcSampler : ISampler, IDefinedSampler
{
    private readonly Timetable _timetable;
    private readonly SolverTable _table;
    private readonly OutputConversion _conversion;
    private readonly IReadOnlyList<int> _uncorrected;
    private readonly int _order;
    private readonly bool _onClean;
    private readonly bool _lowerOrderAtEnd;
    private readonly UniPcWeights[][] _predictors;
    private readonly UniPcWeights[][] _correctors;

    private UniPcSampler(SamplerPlan plan)
    {
        var config = plan.Config;
        Name = plan.Name;
        _onClean = config.PredictX0 ?? true;
        _conversion = new OutputConversion(plan.Prediction, _onClean ? CleanLimit.Threshold(config) : CleanLimit.None);
        _table = SolverTable.Create(plan, NoiseSchedule.ForSigmas(plan), new() { EndsAtOwnMinimum = true, FlowFromOne = true });
        _timetable = new Timetable(plan, _table.Levels.Evaluations, _table.Levels.FinalSigma);
        _uncorrected = config.DisableCorrector ?? [];
        _order = config.SolverOrder ?? 2;
        _lowerOrderAtEnd = config.LowerOrderFinal ?? true;
        _predictors = Weights(corrects: false, plainBound: config.SolverType == "bh1");
        _correctors = Weights(corrects: true, plainBound: config.SolverType == "bh1");
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "unipc",
            ClassName = "UniPCMultistepScheduler",
            Build = plan => new UniPcSampler(plan),
            Options = SamplerOptions.Spacing | SamplerOptions.Sigmas | SamplerOptions.ZeroSnr | SamplerOptions.FinalSigma
                | SamplerOptions.SigmaBounds,
            PredictionTypes = ["epsilon", "sample", "v_prediction", "flow_prediction"],
            Values = [DpmSolverAlgorithm.SolverTypes],
            Check = Check,
        },
    ];

    public string Name { get; }

    public IReadOnlyList<Evaluation> Evaluations => _timetable.Evaluations;

    public double FinalSigma => _timetable.FinalSigma;

    public double InitialNoiseSigma => 1;

    public int HistorySlots => _order + 1;

    public void ScaleInput(int position, ReadOnlySpan<float> latents, Span<float> modelInput) => latents.CopyTo(modelInput);

    public void Step(SamplerState state, ReadOnlySpan<float> modelOutput, NoiseStream noise)
    {
        var converted = state.Scratch;
        var begin = state.History[^1];
        _conversion.Apply(_onClean, _table.At(state.Position), state.Latents, modelOutput, converted);

        if (state.Taken > 0 && !_uncorrected.Contains(state.Position - 1))
        {
            begin.CopyTo(state.Latents, 0);
            var corrector = _correctors[state.Position - 1][OrderAt(state.Position - 1, state.Taken - 1) - 1];
            Combine(state, corrector);
            Spans.AddScaledDifference(state.Latents, corrector.Target, converted, state.History[0]);
        }

        state.Remember(converted, slots: _order);
        state.Latents.CopyTo(begin, 0);
        Combine(state, _predictors[state.Position][OrderAt(state.Position, state.Taken) - 1]);
        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        _table.AddNoise(position, clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean) =>
        _conversion.ToClean(_table.At(position), latents, modelOutput, clean);

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);

    private static void Combine(SamplerState state, UniPcWeights weights)
    {
        Spans.Scale(state.Latents, weights.Latents);
        Spans.AddScaled(state.Latents, weights.Newest, state.History[0]);
        for (var i = 0; i < weights.Differences.Length; i++)
            Spans.AddScaledDifference(state.Latents, weights.Differences[i], state.History[i + 1], state.History[0]);
    }

    private int OrderAt(int position, int taken)
    {
        var order = _lowerOrderAtEnd ? Math.Min(_order, Evaluations.Count - position) : _order;
        return Math.Min(order, taken + 1);
    }

    // By the position stepped from and the order.
    private UniPcWeights[][] Weights(bool corrects, bool plainBound) =>
    [
        .. Enumerable.Range(0, Evaluations.Count).Select(from => Enumerable.Range(1, Math.Min(_order, from + 1))
            .Select(order => UniPcWeights.Create(_table, from, order, corrects, _onClean, plainBound)).ToArray()),
    ];

    private static IEnumerable<SamplingProblem> Check(SamplerPlan plan)
    {
        if (plan.Config.SolverOrder is < 1)
            yield return new("model.solver_order", $"The order is at least 1, not {plan.Config.SolverOrder}.");
        if (plan.Config.PredictX0 is false && !plan.EndsAtSigmaMin)
            yield return new("model.final_sigmas_type", "On noise, the sampler unipc must end at sigma_min.");
        foreach (var problem in SolverTable.Check(plan))
            yield return problem;
    }
}
