namespace Diffusion.Mesh.Sampling;

/// <summary>What pixel models have done to their clean prediction before it is used.</summary>
internal sealed class CleanLimit
{
    private readonly Action<Span<float>>? _apply;

    private CleanLimit(Action<Span<float>>? apply) => _apply = apply;

    /// <summary>Thresholding if the file asks for it, else clipping, if it does or else the class <paramref name="clips"/>.</summary>
    public static CleanLimit ThresholdOrClip(SchedulerConfig config, bool clips) =>
        config.Thresholding is true ? Threshold(config) : Clip(config, clips);

    /// <summary>Clipping if the file asks for it, or by default if the class <paramref name="clips"/>.</summary>
    public static CleanLimit Clip(SchedulerConfig config, bool clips = false)
    {
        var range = (float)(config.ClipSampleRange ?? 1);
        return new(config.ClipSample ?? clips ? clean => Clamp(clean, range) : null);
    }

    /// <summary>Thresholding if the file asks for it, else nothing.</summary>
    public static CleanLimit Threshold(SchedulerConfig config)
    {
        if (config.Thresholding is not true)
            return None;
        var (ratio, largest) = (config.DynamicThresholdingRatio ?? 0.995, (float)(config.SampleMaxValue ?? 1));
        return new(clean => Threshold(clean, ratio, largest));
    }

    /// <summary>Nothing is done.</summary>
    public static CleanLimit None { get; } = new(null);

    public bool IsActive => _apply is not null;

    public void Apply(Span<float> clean) => _apply?.Invoke(clean);

    private static void Clamp(Span<float> values, float range)
    {
        foreach (ref var value in values)
            value = Math.Clamp(value, -range, range);
    }

    // Saharia et al. 2022: clamps to a quantile of the magnitudes and scales back to 1. The span is one picture.
    private static void Threshold(Span<float> clean, double ratio, float largest)
    {
        var magnitudes = new float[clean.Length];
        for (var i = 0; i < clean.Length; i++)
            magnitudes[i] = MathF.Abs(clean[i]);
        Array.Sort(magnitudes);

        var rank = ratio * (magnitudes.Length - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, magnitudes.Length - 1);
        var quantile = (float)(magnitudes[below] + (rank - below) * (magnitudes[above] - magnitudes[below]));
        var limit = Math.Min(Math.Max(quantile, 1), largest);
        Clamp(clean, limit);
        foreach (ref var value in clean)
            value /= limit;
    }
}
