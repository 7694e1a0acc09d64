namespace Diffusion.Mesh.Tests;

/// <summary>The colours that the default model knows, from its card.</summary>
internal static class Palette
{
    private static readonly Dictionary<string, Rgb> _colours = new()
    {
        ["red"] = new(220, 30, 35),
        ["orange"] = new(245, 130, 20),
        ["yellow"] = new(250, 220, 40),
        ["green"] = new(40, 160, 60),
        ["cyan"] = new(40, 200, 215),
        ["blue"] = new(35, 70, 210),
        ["purple"] = new(125, 45, 165),
        ["pink"] = new(245, 125, 185),
        ["white"] = new(248, 248, 248),
        ["black"] = new(15, 15, 18),
    };

    public static IReadOnlyList<string> Names { get; } = [.. _colours.Keys];

    public static Rgb Value(string name) => _colours[name];

    /// <summary>The colour of the palette that is nearest.</summary>
    public static string Nearest(Rgb colour) => _colours.MinBy(entry => entry.Value.DistanceTo(colour)).Key;
}

/// <summary>A colour, each channel 0 to 255.</summary>
internal readonly record struct Rgb(double Red, double Green, double Blue)
{
    public double DistanceTo(Rgb other) =>
        Math.Sqrt(Math.Pow(Red - other.Red, 2) + Math.Pow(Green - other.Green, 2) + Math.Pow(Blue - other.Blue, 2));

    /// <summary>The median of each channel.</summary>
    public static Rgb Median(IReadOnlyCollection<Rgb> colours) =>
        new(Median(colours.Select(c => c.Red)), Median(colours.Select(c => c.Green)), Median(colours.Select(c => c.Blue)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
