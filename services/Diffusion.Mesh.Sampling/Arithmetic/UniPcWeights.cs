namespace Diffusion.Mesh.Sampling;

/// <summary>
/// The unified predictor and corrector of UniPC (Zhao et al. 2023) from one noise level to the next: both are linear in the
/// latents, the converted outputs at that level and before it and, for the corrector, the one at the next.
/// </summary>
/// <param name="Latents">Of the latents at the level stepped from.</param>
/// <param name="Newest">Of the output at that level.</param>
/// <param name="Differences">Of the differences of earlier outputs, newest first, from it.</param>
/// <param name="Target">Of the difference of the output at the level stepped to from it; the corrector's only.</param>
internal readonly record struct UniPcWeights(double Latents, double Newest, double[] Differences, double Target)
{
    /// <param name="table">The noise levels.</param>
    /// <param name="from">The level stepped from, to the next.</param>
    /// <param name="order">How many outputs are used.</param>
    /// <param name="corrects">The corrector, else the predictor.</param>
    /// <param name="onClean">Whether outputs are clean latents rather than noise.</param>
    /// <param name="plain">B(h) = h (bh1), else e^h - 1 (bh2).</param>
    public static UniPcWeights Create(SolverTable table, int from, int order, bool corrects, bool onClean, bool plain)
    {
        var (signal, deviation) = table.At(from + 1);
        var (signalFrom, deviationFrom) = table.At(from);
        var h = table.Lambda(from + 1) - table.Lambda(from);
        var x = onClean ? -h : h;
        var growth = Math.Exp(x) - 1;
        var scale = onClean ? signal : deviation;
        var bound = plain ? x : growth;

        var ratios = new double[order - 1];
        for (var i = 1; i < order; i++)
            ratios[i - 1] = (table.Lambda(from - i) - table.Lambda(from)) / h;
        var solution = corrects ? Corrector(ratios, x, bound) : Predictor(ratios, x, bound);
        return new(
            onClean ? deviation / deviationFrom : signal / signalFrom,
            -scale * growth,
            [.. ratios.Select((ratio, i) => -scale * bound * solution[i] / ratio)],
            corrects ? -scale * bound * solution[^1] : 0);
    }

    private static double[] Predictor(double[] ratios, double x, double bound) =>
        ratios.Length == 1 ? [0.5] : Solve(ratios, x, bound);

    private static double[] Corrector(double[] ratios, double x, double bound) =>
        ratios.Length == 0 ? [0.5] : Solve([.. ratios, 1], x, bound);

    // The conditions on the order: sum of solution * ratio^(k-1) = k! phi_{k+1}(x) / bound, for k = 1, 2, ...
    private static double[] Solve(double[] ratios, double x, double bound)
    {
        var n = ratios.Length;
        var rows = new double[n][];
        var (phi, factorial) = ((Math.Exp(x) - 1) / x - 1, 1.0);
        for (var k = 0; k < n; k++)
        {
            rows[k] = [.. ratios.Select(ratio => Math.Pow(ratio, k)), phi * factorial / bound];
            factorial *= k + 2;
            phi = phi / x - 1 / factorial;
        }

        return LinearSystem.Solve(rows);
    }
}
