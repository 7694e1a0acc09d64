using System.Numerics.Tensors;

namespace Diffusion.Mesh.Import.Onnx;

/// <summary>Rounds to half precision: to the nearest, and never to infinity.</summary>
internal static class HalfRounding
{
    private const float Largest = 65504;

    /// <param name="values">Finite; those beyond half precision's range are replaced by its ends.</param>
    public static void Round(Span<float> values, Span<Half> halves)
    {
        TensorPrimitives.Min(values, Largest, values);
        TensorPrimitives.Max(values, -Largest, values);
        TensorPrimitives.ConvertToHalf(values, halves);
    }
}
