namespace Diffusion.Mesh.Sampling;

/// <summary>The noise added at each training timestep, in float32 as torch computes it.</summary>
internal static class BetaSchedules
{
    private const double LargestBeta = 0.999;

    public static IReadOnlyList<string> Names { get; } = ["linear", "scaled_linear", "squaredcos_cap_v2", "sigmoid", "laplace", "exp"];

    public static float[] Create(SchedulerConfig config, int count)
    {
        if (config.TrainedBetas is { } trained)
            return [.. trained.Select(beta => (float)beta)];

        var (start, end) = (config.BetaStart!.Value, config.BetaEnd!.Value);
        return config.BetaSchedule switch
        {
            "linear" => Torch.Linspace(start, end, count),
            "scaled_linear" => [.. Torch.Linspace(Math.Sqrt(start), Math.Sqrt(end), count).Select(root => root * root)],
            "sigmoid" => [.. Torch.Linspace(-6, 6, count).Select(x => 1 / (1 + MathF.Exp(-x)) * (float)(end - start) + (float)start)],
            "laplace" => FromSignal(count, LaplaceSignal),
            "exp" => FromSignal(count, time => Math.Exp(time * -12)),
            _ => FromSignal(count, CosineSignal),
        };
    }

    /// <summary>Lin et al. 2023, algorithm 1: shifts and scales the signal so that none is left at the last timestep.</summary>
    public static float[] RescaleToZeroSnr(float[] betas)
    {
        var signal = Torch.CumulativeProduct([.. betas.Select(beta => 1 - beta)]).Select(MathF.Sqrt).ToArray();
        var (first, last) = (signal[0], signal[^1]);
        var scale = first / (first - last);
        for (var i = 0; i < signal.Length; i++)
        {
            signal[i] = (signal[i] - last) * scale;
            signal[i] *= signal[i];
        }

        return [.. signal.Select((value, i) => 1 - (i == 0 ? value : value / signal[i - 1]))];
    }

    // Nichol and Dhariwal 2021.
    private static double CosineSignal(double time) => Math.Pow(Math.Cos((time + 0.008) / 1.008 * Math.PI / 2), 2);

    // Hang and Gu 2024.
    private static double LaplaceSignal(double time)
    {
        var ratio = Math.Exp(-0.5 * Math.CopySign(1, 0.5 - time) * Math.Log(1 - 2 * Math.Abs(0.5 - time) + 1e-6));
        return Math.Sqrt(ratio / (1 + ratio));
    }

    private static float[] FromSignal(int count, Func<double, double> signal)
    {
        var betas = new float[count];
        for (var i = 0; i < count; i++)
            betas[i] = (float)Math.Min(1 - signal((i + 1.0) / count) / signal((double)i / count), LargestBeta);
        return betas;
    }
}
