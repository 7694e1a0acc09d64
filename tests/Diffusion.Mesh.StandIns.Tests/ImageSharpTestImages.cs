using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Diffusion.Mesh.StandIns.Tests;

/// <summary>Images to encode, and what to compare afterwards.</summary>
internal static class ImageSharpTestImages
{
    /// <summary>Gradients with noise: every filter is the best one somewhere.</summary>
    public static Image<TPixel> Noisy<TPixel>(int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var random = new Random(width * 31 + height);
        return Paint<TPixel>(width, height, (x, y) => new Rgba32(
            (byte)(x * 3 + random.Next(2)), (byte)(y * 5), (byte)((x + y) % 7 == 0 ? random.Next(256) : 40), (byte)(255 - y)));
    }

    /// <summary>Slow waves, which lossy formats keep well.</summary>
    public static Image<Rgb24> Smooth(int width, int height) => Paint<Rgb24>(width, height, (x, y) => new Rgba32(
        (byte)(128 + 100 * Math.Sin(x / 20.0)), (byte)(128 + 100 * Math.Cos(y / 25.0)), (byte)(128 + 80 * Math.Sin((x + y) / 30.0))));

    public static Image<TPixel> Paint<TPixel>(int width, int height, Func<int, int, Rgba32> color)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var image = new Image<TPixel>(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                TPixel pixel = default;
                pixel.FromRgba32(color(x, y));
                image[x, y] = pixel;
            }
        }

        return image;
    }

    public static TPixel[] Pixels<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var pixels = new TPixel[image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        return pixels;
    }

    public static byte[] Save(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }

    /// <summary>The root of the mean squared difference of all channels, in steps of 1/255.</summary>
    public static double Difference(Image<Rgb24> left, Image<Rgb24> right) => Math.Sqrt(
        Pixels(left).Zip(Pixels(right), (a, b) => (Square(a.R - b.R) + Square(a.G - b.G) + Square(a.B - b.B)) / 3.0).Average());

    private static double Square(int value) => value * value;
}
