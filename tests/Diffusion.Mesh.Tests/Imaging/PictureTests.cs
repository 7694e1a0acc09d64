using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.Tests;

/// <summary>Pixels, planes and files.</summary>
public sealed class PictureTests
{
    [Fact]
    public void FromPlanes_PlanesOfAPicture_GivesItsPixels()
    {
        var picture = Random(37, 21);

        Assert.Equal(picture.Rgb, Picture.FromPlanes(picture.ToPlanes(), 37, 21).Rgb);
    }

    [Fact]
    public void FromPlanes_ValuesBeyondTheRange_AreClipped()
    {
        var picture = Picture.FromPlanes([-7, -1, 0, 1, 1.5f, 0.999f], 2, 1);

        // Red -7 and -1, green 0 (half to even) and 1, blue 1.5 and just below 1.
        Assert.Equal<byte>([0, 128, 255, 0, 255, 255], picture.Rgb);
    }

    [Fact]
    public void Write_PngWithText_ReadsBackEveryPixel()
    {
        var picture = Random(64, 48);
        var file = PictureFile.Write(picture, PictureFormat.Png, 90, [new("prompt", "a red circle, 円")]);
        var back = PictureFile.Read(file, new PictureLimits());

        Assert.Equal((64, 48), (back.Width, back.Height));
        Assert.Equal(picture.Rgb, back.Rgb);
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public void Write_LossyFormat_ReadsBackAlmostEveryPixel(PictureFormat format)
    {
        var picture = new Picture(32, 32, [.. Enumerable.Range(0, 3 * 32 * 32).Select(i => (byte)(i / 3 / 32 * 8))]);
        var back = PictureFile.Read(PictureFile.Write(picture, format, 95, []), new PictureLimits());

        Close.AssertPixels(picture.Rgb, back.Rgb, format.ToString(), tolerance: 12);
    }

    [Fact]
    public void Resize_OneColour_StaysIt()
    {
        var picture = new Picture(50, 30, [.. Enumerable.Repeat<byte[]>([200, 100, 3], 50 * 30).SelectMany(rgb => rgb)]);
        var resized = PillowResize.Resize(picture, ResampleFilter.Bicubic, 17, 64);

        Assert.Equal((17, 64), (resized.Width, resized.Height));
        Assert.Equal(Enumerable.Repeat<byte[]>([200, 100, 3], 17 * 64).SelectMany(rgb => rgb), resized.Rgb);
    }

    [Fact]
    public void Apply_WidePicture_TakesTheMiddle()
    {
        var extractor = new FeatureExtractor(4, 4, [0, 0, 0], [1, 1, 1]);
        // Black, white in the middle third.
        var picture = new Picture(12, 4, [.. Enumerable.Range(0, 12 * 4).SelectMany(i => Enumerable.Repeat((byte)(i % 12 is >= 4 and < 8 ? 255 : 0), 3))]);

        Assert.All(extractor.Apply(picture), value => Assert.Equal(1, value));
    }

    private static Picture Random(int width, int height)
    {
        var rgb = new byte[3 * width * height];
        new Random(1).NextBytes(rgb);
        return new Picture(width, height, rgb);
    }
}
