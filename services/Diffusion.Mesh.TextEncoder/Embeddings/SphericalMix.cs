using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>Between two embeddings in CLIP's common space: the direction goes along the great circle, the magnitude along a line.</summary>
/// <remarks>Shoemake, "Animating rotation with quaternion curves" (1985): slerp, here of embeddings that are not normalised.</remarks>
internal static class SphericalMix
{
    // Below this sine the great circle is not told from a line, or not told at all (opposite directions).
    private const double SmallestSine = 1e-6;

    /// <summary>Mixes two embeddings of one width, [1, width]; the result is float32.</summary>
    /// <param name="share">Of <paramref name="b"/>, 0 to 1. At 0 and 1 the result is the one or the other to the bit.</param>
    public static TensorData Mix(TensorData a, TensorData b, double share)
    {
        if (share is 0 or 1)
            return TensorData.From(share == 0 ? a.ToFloats() : b.ToFloats(), a.Shape);
        var (from, to) = (a.ToFloats(), b.ToFloats());
        var (fromLength, toLength) = (Length(from), Length(to));
        var (fromPart, toPart) = (1 - share, share);
        var cosine = from.Zip(to, (x, y) => (double)x * y).Sum() / (fromLength * toLength);
        var angle = Math.Acos(Math.Clamp(cosine, -1, 1));
        // An embedding of zeros has no direction: its angle is no number, and the line serves.
        if (Math.Sin(angle) > SmallestSine)
        {
            var length = (1 - share) * fromLength + share * toLength;
            fromPart = length / fromLength * Math.Sin((1 - share) * angle) / Math.Sin(angle);
            toPart = length / toLength * Math.Sin(share * angle) / Math.Sin(angle);
        }

        return TensorData.From([.. from.Zip(to, (x, y) => (float)(fromPart * x + toPart * y))], a.Shape);
    }

    private static double Length(float[] vector) => Math.Sqrt(vector.Sum(v => (double)v * v));
}
