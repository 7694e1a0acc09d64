namespace Diffusion.Mesh.Sampling;

/// <summary>
/// The exponential integrals of DPM-Solver (Lu et al. 2022, arXiv 2206.00927) and DPM-Solver++ (2211.01095), each also as a
/// stochastic equation, from one noise level to a lower one.
/// </summary>
internal sealed class DpmSolverAlgorithm
{
    private readonly SolverTable _table;

    public DpmSolverAlgorithm(SolverTable table, string? algorithm)
    {
        _table = table;
        OnClean = algorithm is null or "deis" || algorithm.EndsWith("++", StringComparison.Ordinal);
        Stochastic = algorithm?.StartsWith("sde-", StringComparison.Ordinal) is true;
    }

    /// <summary>Whether the solver works on clean latents (++) rather than noise.</summary>
    public bool OnClean { get; }

    /// <summary>Whether each step draws noise.</summary>
    public bool Stochastic { get; }

    public static AllowedValues SolverTypes { get; } =
        new("solver_type", config => config.SolverType, "midpoint", "heun", "logrho", "bh1", "bh2");

    public static AllowedValues VarianceTypes { get; } =
        new("variance_type", config => config.VarianceType, "fixed_small", "fixed_small_log", "fixed_large", "fixed_large_log");

    public static IEnumerable<SamplingProblem> Check(SamplerPlan plan)
    {
        var config = plan.Config;
        if (config.AlgorithmType is "dpmsolver" or "sde-dpmsolver" && !plan.EndsAtSigmaMin)
            yield return new("model.final_sigmas_type", $"The algorithm {config.AlgorithmType} must end at sigma_min.");
        if (config.SolverOrder is < 1 or > 3)
            yield return new("model.solver_order", $"The order is from 1 to 3, not {config.SolverOrder}.");
        if (config is { AlgorithmType: "sde-dpmsolver", SolverOrder: 3 })
            yield return new("model.solver_order", "The algorithm sde-dpmsolver has orders 1 and 2 only.");
        foreach (var problem in SolverTable.Check(plan))
            yield return problem;
    }

    /// <summary>
    /// The integral from level <paramref name="from"/> to <paramref name="to"/>. Every kind is one formula in x, the exponent:
    /// on clean latents x is -h (-2h with noise), else h, where h is the rise of lambda.
    /// </summary>
    public DpmSolverIntegral Over(int from, int to)
    {
        var (signal, deviation) = _table.At(to);
        var (signalFrom, deviationFrom) = _table.At(from);
        var h = Rise(from, to);
        var x = OnClean ? (Stochastic ? -2 * h : -h) : h;
        var growth = Growth(x);
        var gain = OnClean ? -signal : Stochastic ? -2 * deviation : -deviation;

        // The stochastic second difference on clean latents has the reference's sign of the half, not the limit's.
        return new()
        {
            Latents = !OnClean ? signal / signalFrom : deviation / deviationFrom * (Stochastic ? Math.Exp(-h) : 1),
            Noise = !Stochastic ? 0 : deviation * Math.Sqrt(OnClean ? -growth : Growth(2 * h)),
            Constant = gain * growth,
            Midpoint = gain * 0.5 * growth,
            First = gain * (growth / x - 1),
            Second = gain * ((growth - x) / (x * x) + (OnClean && Stochastic ? 0.5 : -0.5)),
        };
    }

    /// <summary>How far lambda, half the log signal-to-noise ratio, rises.</summary>
    public double Rise(int from, int to) => _table.Lambda(to) - _table.Lambda(from);

    // e^x - 1 without loss near 0, where schedules of many steps are.
    private static double Growth(double x) => Math.Abs(x) < 1e-5 ? x + x * x / 2 : Math.Exp(x) - 1;
}

/// <summary>The weights of the latents, of fresh noise, and of the converted output's value and differences over h.</summary>
internal readonly record struct DpmSolverIntegral
{
    public double Latents { get; init; }

    public double Noise { get; init; }

    /// <summary>Of the output at the interval's base.</summary>
    public double Constant { get; init; }

    /// <summary>Of the first difference by the midpoint rule.</summary>
    public double Midpoint { get; init; }

    /// <summary>Of the first difference, exactly.</summary>
    public double First { get; init; }

    /// <summary>Of the second difference.</summary>
    public double Second { get; init; }
}
