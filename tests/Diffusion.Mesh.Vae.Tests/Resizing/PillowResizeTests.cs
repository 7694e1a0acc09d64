using Diffusion.Mesh.Imaging;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

public sealed class PillowResizeTests
{
    public static TheoryData<int> Cases => PillowCase.Indices("resizes");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resize_EachFilterAndSize_GivesPillowsBytes(int index)
    {
        var (how, source, expected) = PillowCase.Read("resizes", index);
        var filter = how == "lanczos" ? ResampleFilter.Lanczos : ResampleFilter.Bicubic;

        var actual = PillowResize.Resize(source, filter, expected.Width, expected.Height);

        Assert.Equal(expected.Rgb, actual.Rgb);
    }

    [Fact]
    public void Resize_SameSize_GivesThePictureItself()
    {
        var picture = Pictures.Pattern(7, 5);

        Assert.Same(picture, PillowResize.Resize(picture, ResampleFilter.Lanczos, 7, 5));
    }

    [Fact]
    public void Resize_AnArea_GivesThatPartOfTheWhole()
    {
        var picture = Pictures.Pattern(31, 17);
        var whole = PillowResize.Resize(picture, ResampleFilter.Lanczos, 20, 40);

        var part = PillowResize.Resize(picture, ResampleFilter.Lanczos, 20, 40, new PixelArea(3, 9, 5, 6));

        for (var y = 0; y < 6; y++)
            Assert.Equal(whole.Rgb.AsSpan(3 * ((9 + y) * 20 + 3), 15), part.Rgb.AsSpan(15 * y, 15));
    }

    [Fact]
    public void Resize_AnAreaOfAHugePicture_TakesMemoryForTheAreaOnly()
    {
        var line = Pictures.Pattern(1, 16384);
        var before = GC.GetAllocatedBytesForCurrentThread();

        PillowResize.Resize(line, ResampleFilter.Bicubic, 224, 224 * 16384, new PixelArea(0, 112 * 16383, 224, 224));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }
}
