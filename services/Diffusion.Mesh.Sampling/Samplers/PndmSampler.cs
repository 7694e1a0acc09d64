namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Pseudo numerical methods for diffusion models (Liu et al. 2022): linear multistep on the noise, warmed up by twelve
/// Runge-Kutta evaluations or, as Stable Diffusion has it, by calling the model twice at the second timestep. History: the last
/// three outputs, newest first; the latents at the beginning of the warm-up's current step; and for Runge-Kutta the sum of that
/// step's outputs so far.
/// </summary>
internal sealed class PndmSampler : ISampler, IDefinedSampler
{
    private const int Outputs = 3;

    // By the number of earlier outputs; newest first.
    private static readonly double[][] s_adamsBashforth =
    [
        [1],
        [3 / 2.0, -1 / 2.0],
        [23 / 12.0, -16 / 12.0, 5 / 12.0],
        [55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0],
    ];

    // The second call is at the end of the first step, which is then taken again with both ends' mean.
    private static readonly double[] s_mean = [1 / 2.0, 1 / 2.0];

    private readonly Timetable _timetable;
    private readonly SignalTable _signal;
    private readonly int[] _timesteps;
    private readonly int _rungeKutta;
    private readonly int _stride;
    private readonly PredictionType _prediction;

    private PndmSampler(SamplerPlan plan)
    {
        Name = plan.Name;
        _prediction = plan.Prediction;
        _stride = plan.TrainTimesteps / plan.Steps;
        _signal = new SignalTable(NoiseSchedule.ForSigmas(plan), lastIsOne: plan.Config.SetAlphaToOne ?? false);
        var spread = TimestepGrid.SpreadWhole(plan, TimestepSpacing.Leading);
        (_timesteps, _rungeKutta) = plan.Config.SkipPrkSteps is true
            ? (PndmGrid.Multistep(spread), 0)
            : (PndmGrid.RungeKutta(spread, _stride / 2), PndmGrid.RungeKuttaCalls);
        _timetable = new Timetable(plan, _signal.Evaluations(_timesteps), _signal.SigmaAfterStep(_timesteps[^1] - _stride));
    }

    public static IReadOnlyList<SamplerDefinition> Definitions { get; } =
    [
        new()
        {
            Name = "pndm",
            ClassName = "PNDMScheduler",
            Build = plan => new PndmSampler(plan),
            Options = SamplerOptions.Spacing,
            PredictionTypes = ["epsilon", "v_prediction"],
            Settle = config => config with { SkipPrkSteps = config.SkipPrkSteps ?? true },
            Check = plan => TimestepGrid.CheckWhole(plan).Concat(PndmGrid.Check(plan)),
        },
    ];

    public string Name { get; }

    public IReadOnlyList<Evaluation> Evaluations => _timetable.Evaluations;

    public double FinalSigma => _timetable.FinalSigma;

    public double InitialNoiseSigma => 1;

    public int HistorySlots => _rungeKutta == 0 ? Outputs + 1 : Outputs + 2;

    public void ScaleInput(int position, ReadOnlySpan<float> latents, Span<float> modelInput) => latents.CopyTo(modelInput);

    public void Step(SamplerState state, ReadOnlySpan<float> modelOutput, NoiseStream noise)
    {
        if (state.Taken < _rungeKutta)
            StepRungeKutta(state, modelOutput);
        else
            StepMultistep(state, modelOutput);
        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        _signal.AddNoise(_timesteps[position], clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean) =>
        _signal.Clean(_prediction, _timesteps[position]).Apply(latents, modelOutput, clean);

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);

    private void StepRungeKutta(SamplerState state, ReadOnlySpan<float> modelOutput)
    {
        var (begin, sum) = (state.History[Outputs], state.History[Outputs + 1]);
        var stage = state.Taken % 4;
        var timestep = _timesteps[state.Taken - stage];
        var target = _timesteps[state.Position] - (stage % 2 == 0 ? _stride / 2 : 0);
        modelOutput.CopyTo(state.Scratch);
        if (stage == 0)
        {
            state.Remember(modelOutput, Outputs);
            state.Latents.CopyTo(begin, 0);
            sum.AsSpan().Clear();
        }

        Spans.AddScaled(sum, stage is 0 or 3 ? 1.0 / 6 : 1.0 / 3, modelOutput);
        if (stage == 3)
            sum.CopyTo(state.Scratch);
        begin.CopyTo(state.Latents, 0);
        Transfer(state.Latents, timestep, target, state.Scratch);
    }

    private void StepMultistep(SamplerState state, ReadOnlySpan<float> modelOutput)
    {
        var output = state.Scratch;
        var (begin, timestep) = (state.History[Outputs], _timesteps[state.Position]);
        var secondCall = _rungeKutta == 0 && state.Taken == 1;
        var known = _rungeKutta == 0 ? Math.Min(Math.Max(state.Taken - 1, 0), Outputs) : Outputs;

        var weights = secondCall ? s_mean : s_adamsBashforth[known];
        modelOutput.CopyTo(output);
        Spans.Scale(output, weights[0]);
        for (var i = 1; i < weights.Length; i++)
            Spans.AddScaled(output, weights[i], state.History[i - 1]);

        if (secondCall)
        {
            begin.CopyTo(state.Latents, 0);
            Transfer(state.Latents, timestep + _stride, timestep, output);
            return;
        }

        if (state.Taken == 0)
            state.Latents.CopyTo(begin, 0);
        Transfer(state.Latents, timestep, timestep - _stride, output);
        state.Remember(modelOutput, Outputs);
    }

    // Equation 9, with the noise that a velocity implies.
    private void Transfer(Span<float> latents, int from, int to, ReadOnlySpan<float> output)
    {
        var (now, next) = (_signal.At(from), _signal.AfterStep(to));
        var weight = (next - now) / (now * Math.Sqrt(1 - next) + Math.Sqrt(now * (1 - now) * next));
        var noise = _signal.Noise(_prediction, from);
        new Affine(Math.Sqrt(next / now) - weight * noise.Latents, -weight * noise.Output).Apply(latents, output, latents);
    }
}
