namespace Diffusion.Mesh.Sampling;

/// <summary>numpy's arithmetic, to the bit where schedules are made of it.</summary>
internal static class Numpy
{
    /// <summary><c>numpy.linspace(start, end, count)</c> in double.</summary>
    public static double[] Linspace(double start, double end, int count)
    {
        var values = new double[count];
        var step = count > 1 ? (end - start) / (count - 1) : 0;
        for (var i = 0; i < count; i++)
            values[i] = i * step + start;
        if (count > 1)
            values[^1] = end;
        return values;
    }

    /// <summary><c>numpy.interp(x, arange(len(table)), table)</c>.</summary>
    public static double Interpolate(double x, ReadOnlySpan<float> table)
    {
        if (x <= 0)
            return table[0];
        if (x >= table.Length - 1)
            return table[^1];
        var below = (int)x;
        return ((double)table[below + 1] - table[below]) * (x - below) + table[below];
    }

    /// <summary>
    /// <c>numpy.log</c> of a normal positive float32, a rational approximation that is off by up to a few units in the last
    /// place; they decide whether a timestep interpolated from it is cut to 998 or to 999.
    /// </summary>
    public static float Log(float x)
    {
        var bits = BitConverter.SingleToInt32Bits(x);
        var exponent = (bits >> 23) - 127;
        var mantissa = BitConverter.Int32BitsToSingle((bits & 0x7fffff) | 0x3f800000);
        if (mantissa > MathF.Sqrt(2))
        {
            mantissa /= 2;
            exponent++;
        }

        var y = mantissa - 1;
        var numerator = Polynomial(y, [2.589979117907922693523e-02f, 3.808837741388407920751e-01f, 1.480000633576506585156f,
            2.112677543073053063722f, 9.999999999999998702752e-01f, 0]);
        var denominator = Polynomial(y, [5.875095403124574342950e-03f, 1.546476374983906719538e-01f, 9.864942958519418960339e-01f,
            2.453006071784736363091f, 2.612677543073109236779f, 1]);
        return MathF.FusedMultiplyAdd(exponent, 0.693147180559945309417f, numerator / denominator);
    }

    private static float Polynomial(float x, ReadOnlySpan<float> coefficients)
    {
        var value = coefficients[0];
        foreach (var coefficient in coefficients[1..])
            value = MathF.FusedMultiplyAdd(value, x, coefficient);
        return value;
    }
}
