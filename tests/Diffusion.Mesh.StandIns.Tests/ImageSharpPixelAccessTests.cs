using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;
using static Diffusion.Mesh.StandIns.Tests.ImageSharpTestImages;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class ImageSharpPixelAccessTests
{
    [Fact]
    public void LoadPixelData_Bytes_AreRowsOfPixels()
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

        using var image = Image.LoadPixelData<Rgb24>(bytes, 2, 2);
        var copy = new byte[12];
        image.CopyPixelDataTo(copy);

        Assert.Equal(new Rgb24(7, 8, 9), image[0, 1]);
        Assert.Equal(bytes, copy);
    }

    [Fact]
    public void LoadPixelData_TooFewPixels_ThrowsArgumentException() =>
        Assert.Throws<ArgumentException>(() => Image.LoadPixelData<Rgb24>(new byte[11], 2, 2));

    [Fact]
    public void ProcessPixelRows_WrittenRows_AreSeenByTheIndexer()
    {
        using var image = new Image<L8>(3, 2);

        image.ProcessPixelRows(accessor =>
        {
            for (var y = 0; y < accessor.Height; y++)
                accessor.GetRowSpan(y).Fill(new L8((byte)(y + 5)));
        });

        Assert.Equal(new L8(6), image[2, 1]);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(3, 0)]
    [InlineData(0, 2)]
    public void Indexer_OutsideTheImage_Throws(int x, int y)
    {
        using var image = new Image<L8>(3, 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => image[x, y]);
    }

    [Fact]
    public void Indexer_AfterDispose_ThrowsObjectDisposed()
    {
        var image = new Image<L8>(3, 2);
        image.Dispose();

        Assert.Throws<ObjectDisposedException>(() => image[0, 0]);
    }

    [Fact]
    public void CloneAs_OtherFormat_LeavesTheOriginalAlone()
    {
        using var image = Noisy<Rgb24>(4, 4);
        var before = Pixels(image);

        using var clone = image.CloneAs<Rgba32>();
        clone[0, 0] = new Rgba32(1, 2, 3, 4);

        Assert.Equal(before, Pixels(image));
        Assert.Equal(new Rgba32(before[5].R, before[5].G, before[5].B, 255), clone[1, 1]);
    }
}
