using Diffusion.Mesh.Imaging;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

public sealed class PictureFitTests
{
    public static TheoryData<int> Cases => PillowCase.Indices("fits");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_EachModeAndProportion_GivesDiffusersGeometry(int index)
    {
        var (how, source, expected) = PillowCase.Read("fits", index);

        var actual = PictureFit.Fit(source, expected.Width, expected.Height, Enum.Parse<FitMode>(how, ignoreCase: true));

        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.Rgb, actual.Rgb);
    }

    [Theory]
    [InlineData(FitMode.Crop)]
    [InlineData(FitMode.Pad)]
    public void Fit_AThreadIntoASquare_GivesTheSquareWithoutMemoryForTheThread(FitMode mode)
    {
        var thread = Pictures.Pattern(16384, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var square = PictureFit.Fit(thread, 512, 512, mode);

        Assert.Equal((512, 512), (square.Width, square.Height));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void AddTo_MarginsOnEachSide_ContinueTheEdges()
    {
        var picture = new Picture(2, 1, [10, 11, 12, 20, 21, 22]);

        var whole = new PictureMargins(2, 1, 1, 0).AddTo(picture);

        byte[] row = [10, 11, 12, 10, 11, 12, 10, 11, 12, 20, 21, 22, 20, 21, 22];
        Assert.Equal((5, 2), (whole.Width, whole.Height));
        Assert.Equal([.. row, .. row], whole.Rgb);
    }
}
