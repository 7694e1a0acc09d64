using System.Runtime.Intrinsics;

namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Eight-lane logarithm, sine and cosine with the single-precision polynomials of Cephes (S. L. Moshier), in the order of
/// operations that torch's AVX2 build uses; the last bit depends on that order, so do not rearrange.
/// </summary>
internal static class CephesVector
{
    /// <summary>Natural logarithm of normal positive numbers.</summary>
    public static Vector256<float> Log(Vector256<float> x)
    {
        var bits = x.AsInt32();
        var exponent = Vector256.ConvertToSingle(Vector256.ShiftRightLogical(bits, 23) - Vector256.Create(0x7f)) + Vector256<float>.One;
        var m = ((bits & Vector256.Create(0x007fffff)) | Vector256.Create(0.5f).AsInt32()).AsSingle();

        // Keep the mantissa in [sqrt(1/2), sqrt(2)) so that the series is around one.
        var small = Vector256.LessThan(m, Vector256.Create(0.707106781186547524f));
        var again = m & small;
        m = m - Vector256<float>.One + again;
        exponent -= Vector256<float>.One & small;

        var square = m * m;
        var y = Vector256.Create(7.0376836292E-2f);
        y = Fma(y, m, -1.1514610310E-1f);
        y = Fma(y, m, 1.1676998740E-1f);
        y = Fma(y, m, -1.2420140846E-1f);
        y = Fma(y, m, 1.4249322787E-1f);
        y = Fma(y, m, -1.6668057665E-1f);
        y = Fma(y, m, 2.0000714765E-1f);
        y = Fma(y, m, -2.4999993993E-1f);
        y = Fma(y, m, 3.3333331174E-1f);

        // ln 2 in two parts, the small one first.
        y = Vector256.FusedMultiplyAdd(y * m, square, exponent * Vector256.Create(-2.12194440e-4f));
        y = Vector256.FusedMultiplyAdd(square, Vector256.Create(-0.5f), y);
        return Vector256.FusedMultiplyAdd(exponent, Vector256.Create(0.693359375f), m + y);
    }

    /// <summary>Sine and cosine of angles in [0, 2 pi].</summary>
    public static (Vector256<float> Sine, Vector256<float> Cosine) SinCos(Vector256<float> x)
    {
        var octant = Vector256.ConvertToInt32Native(x * Vector256.Create(1.27323954473516f));
        octant = (octant + Vector256<int>.One) & Vector256.Create(~1);
        var turns = Vector256.ConvertToSingle(octant);

        // x minus turns * pi/4, with pi/4 in three parts.
        x = Fma(turns, -0.78515625f, x);
        x = Fma(turns, -2.4187564849853515625e-4f, x);
        x = Fma(turns, -3.77489497744594108e-8f, x);
        var square = x * x;

        var c = Vector256.Create(2.443315711809948E-005f);
        c = Fma(c, square, -1.388731625493765E-003f);
        c = Fma(c, square, 4.166664568298827E-002f);
        c = Vector256.FusedMultiplyAdd(c * square, square, square * Vector256.Create(-0.5f)) + Vector256<float>.One;

        var s = Vector256.Create(-1.9515295891E-4f);
        s = Fma(s, square, 8.3321608736E-3f);
        s = Fma(s, square, -1.6666654611E-1f);
        s = Vector256.FusedMultiplyAdd(s * square, x, x);

        var straight = Vector256.Equals(octant & Vector256.Create(2), Vector256<int>.Zero).AsSingle();
        var sineSign = Vector256.ShiftLeft(octant & Vector256.Create(4), 29).AsSingle();
        var cosineSign = Vector256.ShiftLeft(Vector256.AndNot(Vector256.Create(4), octant - Vector256.Create(2)), 29).AsSingle();
        return (Vector256.ConditionalSelect(straight, s, c) ^ sineSign, Vector256.ConditionalSelect(straight, c, s) ^ cosineSign);
    }

    private static Vector256<float> Fma(Vector256<float> a, Vector256<float> b, float c) =>
        Vector256.FusedMultiplyAdd(a, b, Vector256.Create(c));

    private static Vector256<float> Fma(Vector256<float> a, float b, Vector256<float> c) =>
        Vector256.FusedMultiplyAdd(a, Vector256.Create(b), c);
}
