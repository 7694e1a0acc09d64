using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using Xunit;
using static Diffusion.Mesh.StandIns.Tests.ImageSharpTestImages;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class ImageSharpGeometryTests
{
    [Theory]
    [InlineData(ResizeMode.Crop, 20, 20)]
    [InlineData(ResizeMode.Pad, 20, 20)]
    [InlineData(ResizeMode.Max, 20, 10)]
    [InlineData(ResizeMode.Min, 40, 20)]
    [InlineData(ResizeMode.Stretch, 20, 20)]
    public void Resize_Mode_GivesTheSize(ResizeMode mode, int width, int height)
    {
        using var image = new Image<Rgb24>(80, 40);

        image.Mutate(context => context.Resize(new ResizeOptions { Size = new Size(20, 20), Mode = mode }));

        Assert.Equal(new Size(width, height), image.Size);
    }

    [Theory]
    [InlineData(AnchorPositionMode.Left, 0)]
    [InlineData(AnchorPositionMode.Center, 1)]
    [InlineData(AnchorPositionMode.Right, 2)]
    public void Resize_CropMode_KeepsTheAnchoredPart(AnchorPositionMode position, byte expected)
    {
        // Three squares side by side, of which one fits.
        using var image = Paint<L8>(30, 10, (x, _) => new Rgba32((byte)(x / 10), (byte)(x / 10), (byte)(x / 10)));

        image.Mutate(context => context.Resize(new ResizeOptions
        {
            Size = new Size(20, 20),
            Position = position,
            Sampler = KnownResamplers.NearestNeighbor,
        }));

        Assert.Equal(Enumerable.Repeat(new L8(expected), 400), Pixels(image));
    }

    [Fact]
    public void Resize_PadMode_CentresOnThePadColour()
    {
        using var image = new Image<Rgb24>(20, 10, new Rgb24(9, 9, 9));

        image.Mutate(context => context.Resize(new ResizeOptions { Size = new Size(40, 40), Mode = ResizeMode.Pad, PadColor = Color.White }));

        Assert.Equal(new Rgb24(255, 255, 255), image[20, 9]);
        Assert.Equal(new Rgb24(9, 9, 9), image[20, 10]);
        Assert.Equal(new Rgb24(9, 9, 9), image[20, 29]);
        Assert.Equal(new Rgb24(255, 255, 255), image[20, 30]);
    }

    [Fact]
    public void Resize_ZeroHeight_KeepsTheProportions()
    {
        using var image = new Image<Rgb24>(80, 40);

        image.Mutate(context => context.Resize(30, 0));

        Assert.Equal(new Size(30, 15), image.Size);
    }

    [Fact]
    public void Pad_LargerBox_MovesPixelsUnchanged()
    {
        using var image = Noisy<Rgb24>(6, 4);

        using var padded = image.Clone(context => context.Pad(10, 8));
        padded.Mutate(context => context.Crop(new Rectangle(2, 2, 6, 4)));

        Assert.Equal(Pixels(image), Pixels(padded));
    }

    [Fact]
    public void Crop_Rectangle_KeepsThatPart()
    {
        using var image = Noisy<Rgb24>(10, 8);

        using var cropped = image.Clone(context => context.Crop(new Rectangle(3, 2, 4, 5)));

        Assert.Equal(new Size(4, 5), cropped.Size);
        Assert.Equal(image[3, 2], cropped[0, 0]);
        Assert.Equal(image[6, 6], cropped[3, 4]);
    }

    [Fact]
    public void Crop_OutsideTheImage_ThrowsArgumentException()
    {
        using var image = new Image<Rgb24>(10, 8);

        Assert.Throws<ArgumentException>(() => image.Mutate(context => context.Crop(new Rectangle(8, 0, 4, 4))));
    }
}
