namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Linear multistep (Adams-Bashforth) on noise levels (k-diffusion): a step integrates the polynomial through the last four
/// derivatives. History: the last three derivatives, newest first.
/// </summary>
internal sealed class LmsSampler : ISampler, IDefinedSampler
{
    private const int Order = 4;

    private readonly Timetable _timetable;
    private readonly SigmaTable _table;
    private readonly PredictionType _prediction;

    private LmsSampler(SamplerPlan plan)
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
            Name = "lms",
            ClassName = "LMSDiscreteScheduler",
            Build = plan => new LmsSampler(plan),
            Options = SamplerOptions.Spacing | SamplerOptions.Sigmas,
        },
    ];

    public string Name { get; }

    public IReadOnlyList<Evaluation> Evaluations => _timetable.Evaluations;

    public double FinalSigma => _timetable.FinalSigma;

    public double InitialNoiseSigma { get; }

    public int HistorySlots => Order - 1;

    public void ScaleInput(int position, ReadOnlySpan<float> latents, Span<float> modelInput) =>
        SigmaSpace.ScaleInput(_table.Sigmas[position], latents, modelInput);

    public void Step(SamplerState state, ReadOnlySpan<float> modelOutput, NoiseStream noise)
    {
        var newest = state.Scratch;
        SigmaSpace.Derivative(_prediction, _table.Sigmas[state.Position], state.Latents, modelOutput, newest);

        // The order follows the position: begun later in the schedule (image to image), the reference takes the weights of the
        // full order and leaves out the derivatives that it does not have.
        var order = Math.Min(state.Position + 1, Order);
        Spans.AddScaled(state.Latents, Weight(state.Position, order, 0), newest);
        for (var i = 1; i < Math.Min(order, state.Taken + 1); i++)
            Spans.AddScaled(state.Latents, Weight(state.Position, order, i), state.History[i - 1]);

        state.Remember(newest);
        state.Position++;
    }

    public void AddNoise(int position, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        new Affine(1, _table.Sigmas[position]).Apply(clean, noise, noisy);

    public void PredictClean(int position, ReadOnlySpan<float> latents, ReadOnlySpan<float> modelOutput, Span<float> clean) =>
        SigmaSpace.PredictClean(_prediction, _table.Sigmas[position], latents, modelOutput, clean);

    public int StartForStrength(double strength) => _timetable.StartForStrength(strength);

    // The integral over the step of the Lagrange polynomial of one derivative; two Gauss-Legendre points are exact up to degree 3.
    private double Weight(int position, int order, int which)
    {
        var (from, to) = (_table.Sigmas[position], _table.Sigmas[position + 1]);
        var (middle, half) = ((from + (double)to) / 2, (to - (double)from) / 2);
        var offset = half / Math.Sqrt(3);
        return half * (Lagrange(middle - offset) + Lagrange(middle + offset));

        double Lagrange(double sigma)
        {
            var product = 1.0;
            for (var k = 0; k < order; k++)
            {
                double other = _table.Sigmas[position - k];
                if (k != which)
                    product *= (sigma - other) / (_table.Sigmas[position - which] - other);
            }

            return product;
        }
    }
}
