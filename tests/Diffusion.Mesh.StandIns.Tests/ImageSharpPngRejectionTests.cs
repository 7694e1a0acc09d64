using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;
using static Diffusion.Mesh.StandIns.Tests.ImageSharpTestImages;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class ImageSharpPngRejectionTests
{
    private const int SignatureLength = 8;
    private const int HeaderEnd = SignatureLength + 25;

    [Fact]
    public void Load_TruncatedAnywhere_ThrowsInvalidImageContent()
    {
        using var image = Noisy<Rgb24>(12, 9);
        var png = Save(image.SaveAsPng);

        Assert.All(Enumerable.Range(SignatureLength, png.Length - SignatureLength), length =>
            Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(png.AsSpan(0, length))));
    }

    [Fact]
    public void Identify_TruncatedAfterTheHeader_StillKnowsTheSize()
    {
        using var image = Noisy<Rgb24>(12, 9);
        var png = Save(image.SaveAsPng);

        Assert.Throws<InvalidImageContentException>(() => Image.Identify(png.AsSpan(0, HeaderEnd - 1)));
        Assert.Equal(new Size(12, 9), Image.Identify(png.AsSpan(0, HeaderEnd)).Size);
    }

    [Fact]
    public void Load_AnyByteChanged_ThrowsInvalidImageContent()
    {
        using var image = Noisy<Rgb24>(12, 9);
        var png = Save(image.SaveAsPng);

        Assert.All(Enumerable.Range(SignatureLength, png.Length - SignatureLength), index =>
        {
            var corrupt = (byte[])png.Clone();
            corrupt[index] ^= 0x10;
            Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(corrupt));
        });
    }

    [Fact]
    public void Load_HeaderClaimsMoreThanTheDataCanHold_ThrowsBeforeTakingMemory()
    {
        var bomb = new ImageSharpPngBuilder(30_000, 20_000, 8, 2).Data(new byte[1000]).Build();

        var info = Image.Identify(bomb);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(bomb));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(new Size(30_000, 20_000), info.Size);
        Assert.InRange(allocated, 0, 1 << 20);
    }

    [Theory]
    [InlineData(0, 1, 8, 2)]
    [InlineData(1, 0, 8, 2)]
    [InlineData(-1, 1, 8, 2)]
    [InlineData(1, 1, 4, 2)]
    [InlineData(1, 1, 16, 3)]
    [InlineData(1, 1, 8, 5)]
    [InlineData(1, 1, 3, 0)]
    [InlineData(int.MaxValue, int.MaxValue, 16, 6)]
    public void Load_ImpossibleHeader_ThrowsInvalidImageContent(int width, int height, int depth, int colorType)
    {
        var png = new ImageSharpPngBuilder(width, height, depth, colorType).Data(new byte[64]).Build();

        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(png));
    }

    [Fact]
    public void Load_BrokenStructure_ThrowsInvalidImageContent()
    {
        ImageSharpPngBuilder Rgb() => new(1, 1, 8, 2);
        byte[][] files =
        [
            Rgb().Build(),
            Rgb().Data(0, 1, 2, 3).Unfinished(),
            Rgb().Data(0, 1, 2).Build(),
            Rgb().Data(9, 1, 2, 3).Build(),
            Rgb().Chunk("IDAT", 1, 2, 3, 4, 5).Build(),
            Rgb().Chunk("NEED").Data(0, 1, 2, 3).Build(),
            new ImageSharpPngBuilder(1, 1, 8, 3).Data(0, 0).Build(),
            new ImageSharpPngBuilder(1, 1, 8, 3).Chunk("PLTE", 1, 2, 3).Data(0, 1).Build(),
        ];

        Assert.All(files, file => Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(file)));
    }
}
