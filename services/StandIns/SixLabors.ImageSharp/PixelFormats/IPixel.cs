using System.Numerics;

namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>A pixel that converts from and to the common formats. Vectors hold red, green, blue, alpha in 0 to 1.</summary>
public interface IPixel
{
    void FromScaledVector4(Vector4 vector);

    Vector4 ToScaledVector4();

    void FromL8(L8 source);

    void FromRgb24(Rgb24 source);

    void FromRgba32(Rgba32 source);

    void ToRgba32(ref Rgba32 dest);
}

/// <summary>A pixel format.</summary>
/// <typeparam name="TSelf">The format itself.</typeparam>
public interface IPixel<TSelf> : IPixel, IEquatable<TSelf>
    where TSelf : unmanaged, IPixel<TSelf>
{
}
