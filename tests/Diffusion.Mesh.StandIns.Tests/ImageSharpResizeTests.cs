using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using Xunit;
using static Diffusion.Mesh.StandIns.Tests.ImageSharpTestImages;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class ImageSharpResizeTests
{
    public static TheoryData<string, int, int> Cases { get; } = new()
    {
        { "bicubic", 40, 7 }, { "bicubic", 9, 50 }, { "triangle", 11, 33 }, { "lanczos", 13, 13 }, { "lanczos", 60, 45 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resize_AnySampler_MatchesTheFormula(string sampler, int width, int height)
    {
        var (known, weight, radius) = sampler switch
        {
            "bicubic" => (KnownResamplers.Bicubic, (Func<double, double>)Cubic, 2),
            "triangle" => (KnownResamplers.Triangle, x => Math.Max(0, 1 - Math.Abs(x)), 1),
            _ => (KnownResamplers.Lanczos3, Lanczos, 3),
        };
        using var source = Noisy<L8>(31, 23);

        using var resized = source.Clone(context => context.Resize(width, height, known));

        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var expected = Sample(source, (x, width), (y, height), weight, radius);
                Assert.InRange(resized[x, y].PackedValue, expected - 0.51, expected + 0.51);
            }
        }
    }

    [Fact]
    public void Resize_OneColour_StaysThatColour()
    {
        using var image = new Image<Rgb24>(50, 40, new Rgb24(1, 128, 254));

        image.Mutate(context => context.Resize(17, 93));

        Assert.Equal(new Size(17, 93), image.Size);
        Assert.All(Pixels(image), pixel => Assert.Equal(new Rgb24(1, 128, 254), pixel));
    }

    [Fact]
    public void Resize_NearestNeighbor_RepeatsPixels()
    {
        using var image = Paint<L8>(2, 1, (x, _) => new Rgba32((byte)(x * 200), (byte)(x * 200), (byte)(x * 200)));

        image.Mutate(context => context.Resize(4, 2, KnownResamplers.NearestNeighbor));

        Assert.Equal([0, 0, 200, 200, 0, 0, 200, 200], Pixels(image).Select(pixel => (int)pixel.PackedValue));
    }

    [Fact]
    public void Resize_TransparentPixels_DoNotBleedTheirColour()
    {
        using var image = Paint<Rgba32>(8, 1, (x, _) => x < 4 ? new Rgba32(255, 0, 0, 255) : new Rgba32(0, 255, 0, 0));

        image.Mutate(context => context.Resize(4, 1, KnownResamplers.Triangle));

        Assert.All(Pixels(image), pixel => Assert.Equal(0, pixel.G));
    }

    private static double Sample(
        Image<L8> source, (int At, int Of) x, (int At, int Of) y, Func<double, double> weight, int radius)
    {
        var (sum, total) = (0.0, 0.0);
        for (var j = 0; j < source.Height; j++)
        {
            for (var i = 0; i < source.Width; i++)
            {
                var w = Weight(i, source.Width, x) * Weight(j, source.Height, y);
                total += w;
                sum += w * source[i, j].PackedValue;
            }
        }

        return Math.Clamp(sum / total, 0, 255);

        double Weight(int index, int length, (int At, int Of) target)
        {
            var ratio = (double)length / target.Of;
            var distance = (index - ((target.At + 0.5) * ratio - 0.5)) / Math.Max(1, ratio);
            return Math.Abs(distance) >= radius ? 0 : weight(distance);
        }
    }

    private static double Cubic(double x) => Math.Abs(x) <= 1
        ? 1.5 * Math.Pow(Math.Abs(x), 3) - 2.5 * x * x + 1
        : -0.5 * Math.Pow(Math.Abs(x), 3) + 2.5 * x * x - 4 * Math.Abs(x) + 2;

    private static double Lanczos(double x) => x == 0 ? 1 : 3 * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / 3) / (Math.PI * Math.PI * x * x);
}
