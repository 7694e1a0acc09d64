using System.Numerics;
using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>Eight bits each of red, green, blue and alpha (not premultiplied), in this order in memory.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Rgba32(byte r, byte g, byte b, byte a) : IPixel<Rgba32>
{
    public byte R = r;
    public byte G = g;
    public byte B = b;
    public byte A = a;

    public Rgba32(byte r, byte g, byte b) : this(r, g, b, 255)
    {
    }

    public static bool operator ==(Rgba32 left, Rgba32 right) => left.Equals(right);

    public static bool operator !=(Rgba32 left, Rgba32 right) => !left.Equals(right);

    public void FromScaledVector4(Vector4 vector)
    {
        var bytes = ByteVector.FromScaled(vector);
        this = new Rgba32((byte)bytes.X, (byte)bytes.Y, (byte)bytes.Z, (byte)bytes.W);
    }

    public readonly Vector4 ToScaledVector4() => new Vector4(R, G, B, A) / 255;

    public void FromL8(L8 source) => this = new Rgba32(source.PackedValue, source.PackedValue, source.PackedValue, 255);

    public void FromRgb24(Rgb24 source) => this = new Rgba32(source.R, source.G, source.B, 255);

    public void FromRgba32(Rgba32 source) => this = source;

    public readonly void ToRgba32(ref Rgba32 dest) => dest = this;

    public readonly bool Equals(Rgba32 other) => R == other.R && G == other.G && B == other.B && A == other.A;

    public override readonly bool Equals(object? obj) => obj is Rgba32 other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(R, G, B, A);

    public override readonly string ToString() => $"Rgba32({R}, {G}, {B}, {A})";
}
