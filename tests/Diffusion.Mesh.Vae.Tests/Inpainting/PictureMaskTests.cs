using Diffusion.Mesh.Imaging;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

public sealed class PictureMaskTests
{
    [Fact]
    public void Luminance_Colours_GivesPillowsGrey()
    {
        var picture = Pictures.Pattern(16, 9);
        var expected = PillowCase.File.GetProperty("luminance").GetProperty("l").GetBytesFromBase64();

        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(picture.Luminance));
    }

    [Theory]
    [InlineData(127, false)]
    [InlineData(128, true)]
    public void FromPicture_AroundHalfBright_IsPaintedFromHalfOn(byte value, bool painted)
    {
        Assert.Equal(painted, PictureMask.FromPicture(Pictures.Solid(1, 1, value))[0, 0]);
        Assert.Equal(!painted, PictureMask.FromPicture(Pictures.Solid(1, 1, value), inverted: true)[0, 0]);
    }

    [Fact]
    public void WithMargins_AnEmptyMask_PaintsTheMarginsAlone()
    {
        var mask = PictureMask.Empty(2, 3).WithMargins(new PictureMargins(1, 2, 3, 4));

        Assert.Equal((6, 9), (mask.Width, mask.Height));
        for (var y = 0; y < 9; y++)
        {
            for (var x = 0; x < 6; x++)
                Assert.Equal(x is < 1 or >= 3 || y is < 2 or >= 5, mask[x, y]);
        }
    }

    [Fact]
    public void ToLatents_PixelsOfACell_TakesTheFirstOne()
    {
        // As torch's nearest interpolation: the pixel at row and column times the scale.
        var mask = PictureMask.FromPicture(Pictures.Mask(8, 4, (x, y) => (x, y) is (0, 0) or (5, 3) or (4, 0)));

        Assert.Equal([1, 1], mask.ToLatents(4));
        Assert.Equal([1, 0, 1, 0, 0, 0, 0, 0], mask.ToLatents(2));
    }

    [Fact]
    public void Grey_MaskedPixels_AreZeroInEachChannel()
    {
        var mask = PictureMask.FromPicture(Pictures.Mask(2, 1, (x, _) => x == 1));

        Assert.Equal([1, 0, 2, 0, 3, 0], mask.Grey([1, -1, 2, -2, 3, -3]));
    }

    [Fact]
    public void Compose_TwoPictures_KeepsOneWhereTheMaskIsBlack()
    {
        var mask = PictureMask.FromPicture(Pictures.Mask(2, 1, (x, _) => x == 1));

        var whole = mask.Compose(kept: Pictures.Solid(2, 1, 7), anew: Pictures.Solid(2, 1, 9));

        Assert.Equal([7, 7, 7, 9, 9, 9], whole.Rgb);
    }
}
