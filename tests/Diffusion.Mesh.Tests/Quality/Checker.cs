using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.Tests;

/// <summary>What a picture shows of its prompt.</summary>
/// <param name="Right">Background, colours and places are right.</param>
/// <param name="ShapesToo">So are the shapes.</param>
internal readonly record struct Verdict(bool Right, bool ShapesToo);

/// <summary>The checker of the default model's card: it looks at pixels only.</summary>
internal static class Checker
{
    private const int Border = 4;
    private const double Contrast = 70;
    private const double LeastArea = 0.006;
    private const double PlaceTolerance = 0.12;
    private const double LeastDistance = 0.2;

    public static Verdict Check(Picture picture, Scene scene)
    {
        var (background, regions) = Look(picture);
        if (background != scene.Background || regions.Count < scene.Objects.Count)
            return default;
        Region[] found = scene.Objects.Count == 1 ? [regions[0]] : InOrder(regions[0], regions[1], scene.Relation);
        var right = found.Length == scene.Objects.Count
            && found.Zip(scene.Objects).All(pair => pair.First.Colour == pair.Second.Colour)
            && (found.Length > 1 || IsInPlace(found[0], scene.Objects[0]));
        return new Verdict(right, right && found.Zip(scene.Objects).All(pair => pair.First.Shape == pair.Second.Shape));
    }

    /// <summary>Name of the background's colour, and the objects on it, the largest first.</summary>
    public static (string Background, IReadOnlyList<Region> Objects) Look(Picture picture)
    {
        var background = Rgb.Median([.. BorderColours(picture)]);
        var marked = new bool[picture.Width, picture.Height];
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
                marked[x, y] = Colour(picture, x, y).DistanceTo(background) > Contrast;
        }

        return (Palette.Nearest(background), Region.Find(picture, marked, LeastArea * picture.Width * picture.Height));
    }

    public static Rgb Colour(Picture picture, int x, int y)
    {
        var pixel = picture.Rgb.AsSpan(3 * (y * picture.Width + x), 3);
        return new Rgb(pixel[0], pixel[1], pixel[2]);
    }

    private static IEnumerable<Rgb> BorderColours(Picture picture) =>
        from y in Enumerable.Range(0, picture.Height)
        from x in Enumerable.Range(0, picture.Width)
        where Math.Min(Math.Min(x, y), Math.Min(picture.Width - 1 - x, picture.Height - 1 - y)) < Border
        select Colour(picture, x, y);

    private static bool IsInPlace(Region region, SceneObject named) =>
        Math.Sqrt(Math.Pow(region.X - named.Centre.X, 2) + Math.Pow(region.Y - named.Centre.Y, 2)) <= PlaceTolerance;

    // The two in the order of the text, or none where they do not stand apart.
    private static Region[] InOrder(Region one, Region other, string relation)
    {
        var ahead = relation switch
        {
            "above" => other.Y - one.Y,
            "below" => one.Y - other.Y,
            "to the left of" => other.X - one.X,
            _ => one.X - other.X,
        };
        return ahead > LeastDistance ? [one, other] : ahead < -LeastDistance ? [other, one] : [];
    }
}
