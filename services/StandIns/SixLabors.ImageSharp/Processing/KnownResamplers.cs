using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>The ways to interpolate.</summary>
public static class KnownResamplers
{
    public static IResampler Bicubic { get; } = new BicubicResampler();

    /// <summary>Bilinear.</summary>
    public static IResampler Triangle { get; } = new TriangleResampler();

    public static IResampler Lanczos3 { get; } = new Lanczos3Resampler();

    public static IResampler NearestNeighbor { get; } = new NearestNeighborResampler();
}
