using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>Cubic convolution with a = -0.5 (R. Keys, 1981).</summary>
internal sealed class BicubicResampler : IResampler
{
    public float Radius => 2;

    public float GetValue(float x)
    {
        x = MathF.Abs(x);
        return x switch
        {
            <= 1 => (((1.5f * x) - 2.5f) * x * x) + 1,
            < 2 => (((((-0.5f * x) + 2.5f) * x) - 4) * x) + 2,
            _ => 0,
        };
    }
}

/// <summary>Linear interpolation between neighbours.</summary>
internal sealed class TriangleResampler : IResampler
{
    public float Radius => 1;

    public float GetValue(float x) => MathF.Max(0, 1 - MathF.Abs(x));
}

/// <summary>A sinc windowed by the middle lobe of a sinc that is three times as wide.</summary>
internal sealed class Lanczos3Resampler : IResampler
{
    public float Radius => 3;

    public float GetValue(float x) => MathF.Abs(x) < Radius ? Sinc(x) * Sinc(x / Radius) : 0;

    private static float Sinc(float x)
    {
        x *= MathF.PI;
        return MathF.Abs(x) < 1e-5f ? 1 : MathF.Sin(x) / x;
    }
}

/// <summary>No interpolation: a pixel of the result is one of the source.</summary>
internal sealed class NearestNeighborResampler : IResampler
{
    public float Radius => 1;

    public float GetValue(float x) => x;
}
