using System.Numerics;
using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>Eight bits each of red, green and blue, in this order in memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Rgb24(byte r, byte g, byte b) : IPixel<Rgb24>
{
    public byte R = r;
    public byte G = g;
    public byte B = b;

    public static bool operator ==(Rgb24 left, Rgb24 right) => left.Equals(right);

    public static bool operator !=(Rgb24 left, Rgb24 right) => !left.Equals(right);

    public void FromScaledVector4(Vector4 vector)
    {
        var bytes = ByteVector.FromScaled(vector);
        this = new Rgb24((byte)bytes.X, (byte)bytes.Y, (byte)bytes.Z);
    }

    public readonly Vector4 ToScaledVector4() => new Vector4(R, G, B, 255) / 255;

    public void FromL8(L8 source) => this = new Rgb24(source.PackedValue, source.PackedValue, source.PackedValue);

    public void FromRgb24(Rgb24 source) => this = source;

    public void FromRgba32(Rgba32 source) => this = new Rgb24(source.R, source.G, source.B);

    public readonly void ToRgba32(ref Rgba32 dest) => dest = new Rgba32(R, G, B, 255);

    public readonly bool Equals(Rgb24 other) => R == other.R && G == other.G && B == other.B;

    public override readonly bool Equals(object? obj) => obj is Rgb24 other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(R, G, B);

    public override readonly string ToString() => $"Rgb24({R}, {G}, {B})";
}
