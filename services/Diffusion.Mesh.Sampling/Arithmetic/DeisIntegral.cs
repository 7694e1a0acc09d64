namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Integrals over rho of the Lagrange polynomials in log rho that are 1 at <c>at</c> and 0 at the other points (Zhang and Chen
/// 2022). In float32 like the reference, because with many steps the differences lose digits that its results show.
/// </summary>
internal static class DeisIntegral
{
    public static float Line(float from, float to, float at, float zero) => Line(to, at, zero) - Line(from, at, zero);

    public static float Parabola(float from, float to, float at, float zero, float otherZero) =>
        Parabola(to, at, zero, otherZero) - Parabola(from, at, zero, otherZero);

    private static float Line(float rho, float at, float zero) =>
        rho * (-MathF.Log(zero) + MathF.Log(rho) - 1) / (MathF.Log(at) - MathF.Log(zero));

    private static float Parabola(float rho, float at, float zero, float otherZero)
    {
        var (r, b, c, d) = (MathF.Log(rho), MathF.Log(at), MathF.Log(zero), MathF.Log(otherZero));
        return rho * (c * (d - r + 1) - d * r + d + r * r - 2 * r + 2) / ((b - c) * (b - d));
    }
}
