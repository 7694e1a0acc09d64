using System.Numerics;
using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>The source pixels that one pixel of the result is mixed from, along one axis.</summary>
/// <param name="Start">The first source pixel.</param>
/// <param name="Weights">Weights from there on; their sum is 1.</param>
internal readonly record struct ResizeKernel(int Start, float[] Weights)
{
    public Vector4 Convolve(ReadOnlySpan<Vector4> line)
    {
        var sum = Vector4.Zero;
        for (var i = 0; i < Weights.Length; i++)
            sum += line[Start + i] * Weights[i];
        return sum;
    }

    /// <summary>
    /// One kernel for each pixel of the result. Pixel centres lie at halves. When shrinking, the sampler is stretched
    /// over all source pixels that fall together, which is what prevents aliasing.
    /// </summary>
    public static ResizeKernel[] Make(int sourceLength, int targetLength, IResampler sampler)
    {
        var ratio = (double)sourceLength / targetLength;
        var scale = Math.Max(ratio, 1);
        var radius = Math.Ceiling(scale * sampler.Radius);
        var kernels = new ResizeKernel[targetLength];
        for (var i = 0; i < targetLength; i++)
        {
            var center = ((i + 0.5) * ratio) - 0.5;
            var left = Math.Max(0, (int)Math.Ceiling(center - radius));
            var right = Math.Min(sourceLength - 1, (int)Math.Floor(center + radius));
            var weights = new float[right - left + 1];
            var sum = 0.0;
            for (var j = left; j <= right; j++)
                sum += weights[j - left] = sampler.GetValue((float)((j - center) / scale));
            for (var j = 0; j < weights.Length; j++)
                weights[j] = (float)(weights[j] / sum);
            kernels[i] = new ResizeKernel(left, weights);
        }

        return kernels;
    }
}
