namespace Diffusion.Mesh.Tests;

/// <summary>The shapes that the default model knows, in a box from -1 to 1 each way, y downwards.</summary>
internal static class Outlines
{
    private const int Grid = 48;

    private static readonly (string Name, Func<double, double, bool> Contains)[] _shapes =
    [
        ("circle", (x, y) => x * x + y * y <= 1),
        ("square", (_, _) => true),
        ("triangle", (x, y) => Math.Abs(x) <= (y + 1) / 2),
        ("star", Star),
        ("heart", Heart),
        ("ring", (x, y) => x * x + y * y is <= 1 and >= 0.3),
        ("cross", (x, y) => Math.Min(Math.Abs(x), Math.Abs(y)) <= 0.34),
        ("diamond", (x, y) => Math.Abs(x) + Math.Abs(y) <= 1),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. _shapes.Select(shape => shape.Name)];

    public static bool Contains(string name, double x, double y) => _shapes.Single(shape => shape.Name == name).Contains(x, y);

    /// <summary>The outline that overlaps best with a mask over the same box (intersection over union).</summary>
    public static string Best(Func<double, double, bool> mask) => _shapes.MaxBy(shape => Overlap(shape.Contains, mask)).Name;

    private static double Overlap(Func<double, double, bool> a, Func<double, double, bool> b)
    {
        var (both, either) = (0, 0);
        for (var i = 0; i < Grid * Grid; i++)
        {
            var (x, y) = ((i % Grid + 0.5) / Grid * 2 - 1, (i / Grid + 0.5) / Grid * 2 - 1);
            var (inA, inB) = (a(x, y), b(x, y));
            both += inA && inB ? 1 : 0;
            either += inA || inB ? 1 : 0;
        }

        return (double)both / Math.Max(either, 1);
    }

    // Five points; the star's own box is a little wider than high, and its centre lies below the middle.
    private static bool Star(double x, double y)
    {
        var (px, py) = (x * Math.Cos(Math.PI / 10), (y + 1) / 2 * (1 + Math.Cos(Math.PI / 5)) - 1);
        var sector = Math.PI / 5;
        var angle = Math.Abs(Math.IEEERemainder(Math.Atan2(px, -py), 2 * sector));
        var radius = Math.Sqrt(px * px + py * py);
        // The edge runs from the point at radius 1 to the notch, one half sector on.
        var (notchX, notchY) = (0.45 * Math.Cos(sector), 0.45 * Math.Sin(sector));
        return (radius * Math.Cos(angle) - 1) * notchY <= radius * Math.Sin(angle) * (notchX - 1);
    }

    // (x^2 + y^2 - 1)^3 = x^2 y^3, from -1.14 to 1.14 across and -1 to 1.24 upwards.
    private static bool Heart(double x, double y)
    {
        var (px, py) = (x * 1.14, 0.12 - y * 1.12);
        return Math.Pow(px * px + py * py - 1, 3) <= px * px * py * py * py;
    }
}
