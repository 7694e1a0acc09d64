namespace Diffusion.Mesh.Sampling;

/// <summary>What a model predicts.</summary>
internal enum PredictionType
{
    /// <summary>The noise.</summary>
    Epsilon,

    /// <summary>The clean latents.</summary>
    Sample,

    /// <summary>signal * noise - deviation * clean (Salimans and Ho 2022).</summary>
    Velocity,

    /// <summary>noise - clean, on straight paths.</summary>
    Flow,
}

/// <summary>How a model output becomes clean latents or noise: both are linear in latents and output.</summary>
internal static class Prediction
{
    /// <summary>Clean latents, where the latents are signal * clean + deviation * noise.</summary>
    public static Affine Clean(PredictionType type, double signal, double deviation) => type switch
    {
        PredictionType.Epsilon => new(1 / signal, -deviation / signal),
        PredictionType.Sample => new(0, 1),
        PredictionType.Velocity => new(signal, -deviation),
        _ => new(1, -deviation),
    };

    /// <summary>Noise, where the latents are signal * clean + deviation * noise.</summary>
    public static Affine Noise(PredictionType type, double signal, double deviation) => type switch
    {
        PredictionType.Epsilon => new(0, 1),
        PredictionType.Sample => new(1 / deviation, -signal / deviation),
        PredictionType.Velocity => new(deviation, signal),
        _ => new(1, 1 - deviation),
    };
}
