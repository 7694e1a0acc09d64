using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;
using static Diffusion.Mesh.StandIns.Tests.ImageSharpTestImages;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class ImageSharpPngDecodingTests
{
    private const int Gray = 0;
    private const int Rgb = 2;
    private const int Palette = 3;
    private const int GrayAlpha = 4;
    private const int RgbAlpha = 6;

    [Theory]
    [InlineData(1, new byte[] { 0b01000000 }, new byte[] { 0, 255, 0 })]
    [InlineData(2, new byte[] { 0b00_01_11_00 }, new byte[] { 0, 85, 255 })]
    [InlineData(4, new byte[] { 0x0F, 0x10 }, new byte[] { 0, 255, 17 })]
    [InlineData(8, new byte[] { 1, 2, 3 }, new byte[] { 1, 2, 3 })]
    [InlineData(16, new byte[] { 0, 0, 0x80, 0x81, 0xFF, 0xFF }, new byte[] { 0, 128, 255 })]
    public void Load_Grayscale_ScalesToEightBits(int depth, byte[] row, byte[] expected)
    {
        var png = new ImageSharpPngBuilder(3, 1, depth, Gray).Data([0, .. row]).Build();

        Assert.Equal(expected.Select(value => new L8(value)), Pixels(Image.Load<L8>(png)));
    }

    [Fact]
    public void Load_SixteenBits_RoundsToTheNearestLevel()
    {
        byte[] row = [0x00, 0x7F, 0x00, 0x81, 0xFF, 0x7E, 0x12, 0x34];
        var png = new ImageSharpPngBuilder(1, 1, 16, RgbAlpha).Data([0, .. row]).Build();

        Assert.Equal(new Rgba32(0, 1, 254, 18), Image.Load<Rgba32>(png)[0, 0]);
    }

    [Fact]
    public void Load_SixteenBitsGrayAlphaAndRgb_ReadsEverySample()
    {
        var grayAlpha = new ImageSharpPngBuilder(1, 1, 16, GrayAlpha).Data([0, 0x10, 0x10, 0x20, 0x20]).Build();
        var rgb = new ImageSharpPngBuilder(1, 1, 16, Rgb).Data([0, 1, 1, 2, 2, 3, 3]).Build();

        Assert.Equal(new Rgba32(16, 16, 16, 32), Image.Load<Rgba32>(grayAlpha)[0, 0]);
        Assert.Equal(new Rgba32(1, 2, 3, 255), Image.Load<Rgba32>(rgb)[0, 0]);
    }

    [Fact]
    public void Load_Palette_LooksColoursAndAlphaUp()
    {
        var png = new ImageSharpPngBuilder(3, 1, 2, Palette)
            .Chunk("PLTE", 10, 11, 12, 20, 21, 22, 30, 31, 32).Chunk("tRNS", 0, 99).Data([0, 0b00_01_10_00]).Build();

        Assert.Equal(
            [new Rgba32(10, 11, 12, 0), new Rgba32(20, 21, 22, 99), new Rgba32(30, 31, 32, 255)], Pixels(Image.Load<Rgba32>(png)));
    }

    [Fact]
    public void Load_TransparentColour_OnlyExactMatchesVanish()
    {
        var rgb = new ImageSharpPngBuilder(2, 1, 8, Rgb).Chunk("tRNS", 0, 1, 0, 2, 0, 3).Data([0, 1, 2, 3, 1, 2, 4]).Build();
        var gray = new ImageSharpPngBuilder(2, 1, 4, Gray).Chunk("tRNS", 0, 5).Data([0, 0x56]).Build();

        Assert.Equal([new Rgba32(1, 2, 3, 0), new Rgba32(1, 2, 4, 255)], Pixels(Image.Load<Rgba32>(rgb)));
        Assert.Equal([new Rgba32(85, 85, 85, 0), new Rgba32(102, 102, 102, 255)], Pixels(Image.Load<Rgba32>(gray)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 3)]
    [InlineData(13, 11)]
    public void Load_Interlaced_PutsEveryPassInItsPlace(int width, int height)
    {
        // Each pixel says where it belongs.
        var rows = new List<byte>();
        foreach (var (x0, y0, stepX, stepY) in new[] { (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2) })
        {
            for (var y = y0; y < height && x0 < width; y += stepY)
            {
                rows.Add(0);
                for (var x = x0; x < width; x += stepX)
                    rows.AddRange([(byte)x, (byte)y, 7]);
            }
        }

        var png = new ImageSharpPngBuilder(width, height, 8, Rgb, isInterlaced: true).Data([.. rows]).Build();

        using var expected = Paint<Rgb24>(width, height, (x, y) => new Rgba32((byte)x, (byte)y, 7));
        Assert.Equal(Pixels(expected), Pixels(Image.Load<Rgb24>(png)));
    }
}
