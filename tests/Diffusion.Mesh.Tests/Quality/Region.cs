using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.Tests;

/// <summary>A connected region of a picture that is not background.</summary>
/// <param name="Pixels">Columns and rows.</param>
/// <param name="X">The centroid, in parts of the picture's width.</param>
/// <param name="Y">The centroid, in parts of its height.</param>
/// <param name="Colour">Name of the palette's colour nearest to its inside.</param>
/// <param name="Shape">The outline that it overlaps best with.</param>
internal sealed record Region(IReadOnlyCollection<(int X, int Y)> Pixels, double X, double Y, string Colour, string Shape)
{
    private const int Erosion = 2;
    private static readonly (int X, int Y)[] _neighbours = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];

    /// <summary>The regions whose pixels are <paramref name="marked"/> and that have more than <paramref name="least"/>, the largest first.</summary>
    public static IReadOnlyList<Region> Find(Picture picture, bool[,] marked, double least)
    {
        var found = new List<Region>();
        var open = (bool[,])marked.Clone();
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                if (open[x, y] && Take(open, (x, y)) is var pixels && pixels.Count > least)
                    found.Add(Measure(picture, pixels));
            }
        }

        return [.. found.OrderByDescending(region => region.Pixels.Count)];
    }

    private static HashSet<(int X, int Y)> Take(bool[,] open, (int X, int Y) first)
    {
        var pixels = new HashSet<(int X, int Y)>();
        var waiting = new Stack<(int X, int Y)>([first]);
        while (waiting.TryPop(out var pixel))
        {
            var (x, y) = pixel;
            if (x < 0 || y < 0 || x >= open.GetLength(0) || y >= open.GetLength(1) || !open[x, y])
                continue;
            open[x, y] = false;
            pixels.Add(pixel);
            foreach (var (dx, dy) in _neighbours)
                waiting.Push((x + dx, y + dy));
        }

        return pixels;
    }

    private static Region Measure(Picture picture, HashSet<(int X, int Y)> pixels)
    {
        var inside = pixels;
        for (var i = 0; i < Erosion; i++)
            inside = [.. inside.Where(p => _neighbours.All(n => inside.Contains((p.X + n.X, p.Y + n.Y))))];
        var colour = Rgb.Median([.. (inside.Count > 0 ? inside : pixels).Select(p => Checker.Colour(picture, p.X, p.Y))]);
        return new Region(
            pixels,
            (pixels.Average(p => p.X) + 0.5) / picture.Width,
            (pixels.Average(p => p.Y) + 0.5) / picture.Height,
            Palette.Nearest(colour),
            ShapeOf(pixels));
    }

    private static string ShapeOf(HashSet<(int X, int Y)> pixels)
    {
        var (left, top) = (pixels.Min(p => p.X), pixels.Min(p => p.Y));
        var (width, height) = (pixels.Max(p => p.X) - left + 1, pixels.Max(p => p.Y) - top + 1);
        return Outlines.Best((x, y) => pixels.Contains((left + (int)((x + 1) / 2 * width), top + (int)((y + 1) / 2 * height))));
    }
}
