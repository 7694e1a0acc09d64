using System.Numerics.Tensors;

namespace Diffusion.Mesh.Sampling;

/// <summary>latents * <paramref name="Latents"/> + output * <paramref name="Output"/>, element by element in float32.</summary>
internal readonly record struct Affine(double Latents, double Output)
{
    /// <summary>The result may be either input.</summary>
    public void Apply(ReadOnlySpan<float> latents, ReadOnlySpan<float> output, Span<float> result)
    {
        var (a, b) = ((float)Latents, (float)Output);
        for (var i = 0; i < result.Length; i++)
            result[i] = a * latents[i] + b * output[i];
    }
}

/// <summary>Sums of scaled arrays, in float32.</summary>
internal static class Spans
{
    /// <summary>target = target * scale.</summary>
    public static void Scale(Span<float> target, double scale) => TensorPrimitives.Multiply(target, (float)scale, target);

    /// <summary>target = target + addend * scale.</summary>
    public static void AddScaled(Span<float> target, double scale, ReadOnlySpan<float> addend) =>
        TensorPrimitives.MultiplyAdd(addend, (float)scale, target, target);

    /// <summary>target = target + (left - right) * scale, without the digits lost when large weights meet close values.</summary>
    public static void AddScaledDifference(Span<float> target, double scale, ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var factor = (float)scale;
        for (var i = 0; i < target.Length; i++)
            target[i] += (left[i] - right[i]) * factor;
    }
}
