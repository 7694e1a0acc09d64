using System.Numerics;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Filters row after row, each with the filter that promises the smallest result.</summary>
internal sealed class PngFilterSelector(PngFilterMethod method, int rowLength, int stride)
{
    private static readonly PngFilterMethod[] All =
        [PngFilterMethod.None, PngFilterMethod.Sub, PngFilterMethod.Up, PngFilterMethod.Average, PngFilterMethod.Paeth];

    private readonly PngFilterMethod[] _candidates = method == PngFilterMethod.Adaptive ? All : [method];
    private byte[] _best = new byte[rowLength + 1];
    private byte[] _trial = new byte[rowLength + 1];

    /// <summary>The filter byte and the filtered row, valid until the next call.</summary>
    public ReadOnlySpan<byte> Filter(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above)
    {
        var bestSum = long.MaxValue;
        foreach (var candidate in _candidates)
        {
            _trial[0] = (byte)candidate;
            PngPrediction.Subtract(candidate, row, above, stride, _trial.AsSpan(1));
            var sum = _candidates.Length == 1 ? 0 : SumOfAbsolutes(_trial.AsSpan(1));
            if (sum >= bestSum)
                continue;

            bestSum = sum;
            (_best, _trial) = (_trial, _best);
        }

        return _best;
    }

    /// <summary>Bytes count as signed: a small difference in either direction is cheap to compress.</summary>
    private static long SumOfAbsolutes(ReadOnlySpan<byte> filtered)
    {
        var sums = Vector<uint>.Zero;
        var i = 0;
        for (; i + Vector<byte>.Count <= filtered.Length; i += Vector<byte>.Count)
        {
            // The absolute value of -128 wraps to -128, which is 128 again as a byte.
            var absolutes = Vector.Abs(Vector.AsVectorSByte(new Vector<byte>(filtered[i..])));
            Vector.Widen(Vector.AsVectorByte(absolutes), out var low, out var high);
            Vector.Widen(low + high, out var lowest, out var highest);
            sums += lowest + highest;
        }

        var sum = (long)Vector.Sum(sums);
        for (; i < filtered.Length; i++)
            sum += Math.Abs((int)(sbyte)filtered[i]);
        return sum;
    }
}
