using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>How far apart pictures are.</summary>
internal static class Pixels
{
    /// <summary>The differences, 0 to 255, of every channel in the columns before <paramref name="end"/>, from <paramref name="start"/>.</summary>
    public static int[] Differences(Picture a, Picture b, int start, int end) =>
    [
        .. from y in Enumerable.Range(0, Math.Min(a.Height, b.Height))
           from i in Enumerable.Range(3 * start, 3 * (end - start))
           select Math.Abs(a.Rgb[3 * a.Width * y + i] - b.Rgb[3 * b.Width * y + i]),
    ];

    public static double Mean(Picture a, Picture b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        return Differences(a, b, 0, a.Width).Average();
    }
}
