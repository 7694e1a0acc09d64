using System.Numerics;

namespace SixLabors.ImageSharp.PixelFormats;

internal static class ByteVector
{
    /// <summary>Scales 0 to 1 to 0 to 255, clamped; the added half makes the later cut to whole numbers a rounding.</summary>
    public static Vector4 FromScaled(Vector4 vector) =>
        Vector4.Clamp((vector * 255) + new Vector4(0.5f), Vector4.Zero, new Vector4(255));
}
