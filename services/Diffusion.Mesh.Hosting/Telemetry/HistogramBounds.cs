namespace Diffusion.Mesh.Hosting;

/// <summary>Upper bounds of histograms' buckets.</summary>
public static class HistogramBounds
{
    /// <summary>Seconds: those of OpenTelemetry's GenAI conventions, and on both sides of them for forward passes of small models and for long waits.</summary>
    public static IReadOnlyList<double> Seconds { get; } =
        [0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68, 655.36];

    /// <summary>Rows of a forward pass: the sizes that passes have.</summary>
    public static IReadOnlyList<int> Rows { get; } = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
}
