using System.Numerics;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>What a filter expects of a byte, from the pixel on its left, the one above, and the one above that left one.</summary>
internal static class PngPrediction
{
    /// <summary>Writes the difference between a row and what the filter expects.</summary>
    public static void Subtract(
        PngFilterMethod filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int stride, Span<byte> differences)
    {
        var i = 0;
        for (; i < stride; i++)
            differences[i] = (byte)(row[i] - Predict(filter, 0, above[i], 0));

        for (; i + Vector<byte>.Count <= row.Length; i += Vector<byte>.Count)
        {
            var predicted = Predict(
                filter, new Vector<byte>(row[(i - stride)..]), new Vector<byte>(above[i..]), new Vector<byte>(above[(i - stride)..]));
            (new Vector<byte>(row[i..]) - predicted).CopyTo(differences[i..]);
        }

        for (; i < row.Length; i++)
            differences[i] = (byte)(row[i] - Predict(filter, row[i - stride], above[i], above[i - stride]));
    }

    private static byte Predict(PngFilterMethod filter, byte left, byte above, byte aboveLeft) => filter switch
    {
        PngFilterMethod.Sub => left,
        PngFilterMethod.Up => above,
        PngFilterMethod.Average => (byte)((left + above) >> 1),
        PngFilterMethod.Paeth => PngFilter.Paeth(left, above, aboveLeft),
        _ => 0,
    };

    private static Vector<byte> Predict(PngFilterMethod filter, Vector<byte> left, Vector<byte> above, Vector<byte> aboveLeft) => filter switch
    {
        PngFilterMethod.Sub => left,
        PngFilterMethod.Up => above,

        // The sum of two bytes needs nine bits; half of it, rounded down, is what they share and half of where they differ.
        PngFilterMethod.Average => (left & above) + ((left ^ above) >>> 1),
        PngFilterMethod.Paeth => Paeth(left, above, aboveLeft),
        _ => Vector<byte>.Zero,
    };

    private static Vector<byte> Paeth(Vector<byte> left, Vector<byte> above, Vector<byte> aboveLeft)
    {
        Vector.Widen(left, out var leftLow, out var leftHigh);
        Vector.Widen(above, out var aboveLow, out var aboveHigh);
        Vector.Widen(aboveLeft, out var aboveLeftLow, out var aboveLeftHigh);
        return Vector.Narrow(Paeth(leftLow, aboveLow, aboveLeftLow), Paeth(leftHigh, aboveHigh, aboveLeftHigh));
    }

    private static Vector<ushort> Paeth(Vector<ushort> left, Vector<ushort> above, Vector<ushort> aboveLeft)
    {
        var (a, b, c) = (Vector.AsVectorInt16(left), Vector.AsVectorInt16(above), Vector.AsVectorInt16(aboveLeft));
        var toLeft = Vector.Abs(b - c);
        var toAbove = Vector.Abs(a - c);
        var toAboveLeft = Vector.Abs(a + b - c - c);
        var isLeft = Vector.LessThanOrEqual(toLeft, toAbove) & Vector.LessThanOrEqual(toLeft, toAboveLeft);
        var isAbove = Vector.LessThanOrEqual(toAbove, toAboveLeft);
        var nearest = Vector.ConditionalSelect(isLeft, a, Vector.ConditionalSelect(isAbove, b, c));
        return Vector.AsVectorUInt16(nearest);
    }
}
