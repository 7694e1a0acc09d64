using Diffusion.Mesh.Imaging;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Tests;

/// <summary>Compares with reference results.</summary>
internal static class Close
{
    /// <summary>Each value lies within <paramref name="tolerance"/> times the reference's largest.</summary>
    public static void AssertEqual(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what, float tolerance = 1e-3f)
    {
        Assert.Equal(expected.Length, actual.Length);
        var (largest, worst, at) = (0f, 0f, 0);
        for (var i = 0; i < expected.Length; i++)
        {
            largest = MathF.Max(largest, MathF.Abs(expected[i]));
            var difference = MathF.Abs(expected[i] - actual[i]);
            // NaN is no number that a comparison would find.
            if (!(difference <= worst))
                (worst, at) = (difference, i);
        }

        Assert.True(
            worst <= tolerance * largest,
            $"{what}[{at}] is {actual[at]:R} where the reference has {expected[at]:R}: off by {worst / largest:E1} of the largest value.");
    }

    /// <summary>Each 8-bit value lies within <paramref name="tolerance"/>.</summary>
    /// <returns>The largest difference.</returns>
    public static int AssertPixels(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string what, int tolerance = 2)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = 0;
        for (var i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
        Assert.True(worst <= tolerance, $"{what} has a pixel value that is {worst} of 255 away from the reference's.");
        return worst;
    }

    /// <summary>The pictures are the golden's, in number, size and pixels.</summary>
    public static void AssertPictures(GoldenCase golden, IReadOnlyList<Picture> pictures, ITestOutputHelper output)
    {
        var shape = golden.PixelShape;
        Assert.Equal(Enumerable.Repeat((shape[2], shape[1]), shape[0]), pictures.Select(picture => (picture.Width, picture.Height)));
        var worst = AssertPixels(golden.Pixels, [.. pictures.SelectMany(picture => picture.Rgb)], "The picture");
        output.WriteLine($"Largest difference: {worst} of 255.");
    }
}
