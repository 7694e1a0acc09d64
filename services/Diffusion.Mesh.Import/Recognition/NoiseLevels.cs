using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>The noise schedule that a file brings along, against the one that all families share.</summary>
internal static class NoiseLevels
{
    public const int TrainTimesteps = 1000;

    /// <summary>Files keep the table in as few as eight bits of mantissa.</summary>
    private const double Tolerance = 0.01;

    private const float NoSignal = 1e-4f;

    /// <summary>Writes into the scheduler's configuration what the table says that the usual betas do not.</summary>
    /// <param name="signal">Cumulative products of alpha, from the first timestep.</param>
    /// <returns>What was found, for the user; null where it is the usual.</returns>
    public static string? Apply(ReadOnlySpan<float> signal, JsonObject scheduler)
    {
        if (signal.Length == 0)
            return null;
        if (signal[^1] < NoSignal)
            return RescaleToZero(scheduler, "the last entry of alphas_cumprod is zero");
        // First of all: rounding makes neighbours equal.
        if (IsUsual(signal))
            return null;
        if (!IsDecreasing(signal))
            return "ignored alphas_cumprod: its entries do not decrease from 1 to 0";

        // The betas that give this table back.
        var betas = new JsonArray();
        for (var t = 0; t < signal.Length; t++)
            betas.Add(1 - ((double)signal[t] / (t == 0 ? 1 : signal[t - 1])));
        scheduler["trained_betas"] = betas;
        scheduler["num_train_timesteps"] = signal.Length;
        return "noise schedule: the file's own, by alphas_cumprod";
    }

    /// <summary>Marks a schedule that ends in noise alone; such models are sampled from the last timestep on.</summary>
    public static string RescaleToZero(JsonObject scheduler, string evidence)
    {
        scheduler["rescale_betas_zero_snr"] = true;
        scheduler["timestep_spacing"] = "trailing";
        // Not every sampler can begin without any signal.
        if (scheduler["_class_name"]?.GetValue<string>() is not ("EulerDiscreteScheduler" or "EulerAncestralDiscreteScheduler"))
            scheduler["_class_name"] = "DDIMScheduler";
        return $"noise schedule: zero terminal signal, by: {evidence}";
    }

    private static bool IsDecreasing(ReadOnlySpan<float> signal)
    {
        for (var t = 0; t < signal.Length; t++)
        {
            if (!(signal[t] > 0 && signal[t] < (t == 0 ? 1 : signal[t - 1])))
                return false;
        }

        return true;
    }

    private static bool IsUsual(ReadOnlySpan<float> signal)
    {
        if (signal.Length != TrainTimesteps)
            return false;
        var (first, last) = (Math.Sqrt(0.00085), Math.Sqrt(0.012));
        var expected = 1.0;
        for (var t = 0; t < signal.Length; t++)
        {
            var root = first + ((last - first) * t / (TrainTimesteps - 1));
            expected *= 1 - (root * root);
            if (Math.Abs(signal[t] - expected) > Tolerance * expected)
                return false;
        }

        return true;
    }
}
