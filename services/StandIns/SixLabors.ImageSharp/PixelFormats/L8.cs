using System.Numerics;
using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>Eight bits of luminance. Colours become grey by the weights of ITU-R BT.709.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct L8(byte luminance) : IPixel<L8>
{
    public byte PackedValue { get; set; } = luminance;

    public static bool operator ==(L8 left, L8 right) => left.Equals(right);

    public static bool operator !=(L8 left, L8 right) => !left.Equals(right);

    public void FromScaledVector4(Vector4 vector)
    {
        var bytes = ByteVector.FromScaled(vector);
        PackedValue = Luminance((byte)bytes.X, (byte)bytes.Y, (byte)bytes.Z);
    }

    public readonly Vector4 ToScaledVector4() => new Vector4(PackedValue, PackedValue, PackedValue, 255) / 255;

    public void FromL8(L8 source) => this = source;

    public void FromRgb24(Rgb24 source) => PackedValue = Luminance(source.R, source.G, source.B);

    public void FromRgba32(Rgba32 source) => PackedValue = Luminance(source.R, source.G, source.B);

    public readonly void ToRgba32(ref Rgba32 dest) => dest = new Rgba32(PackedValue, PackedValue, PackedValue, 255);

    public readonly bool Equals(L8 other) => PackedValue == other.PackedValue;

    public override readonly bool Equals(object? obj) => obj is L8 other && Equals(other);

    public override readonly int GetHashCode() => PackedValue;

    public override readonly string ToString() => $"L8({PackedValue})";

    private static byte Luminance(byte r, byte g, byte b) => (byte)((r * .2126F) + (g * .7152F) + (b * .0722F) + 0.5F);
}
