using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.StandIns.Tests;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

public sealed class PictureFileTests
{
    public static TheoryData<string> Hostile => [.. HostilePictures.All.Keys];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Read_HostileFile_IsRefusedWithoutMemoryForItsPixels(string name)
    {
        var file = HostilePictures.All[name];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<PictureException>(() => PictureFile.Read(file, new PictureLimits()));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 << 10);
    }

    [Fact]
    public void Identify_TextThatInflatesToMuch_IsLeftUnread()
    {
        var bomb = new MemoryStream();
        bomb.Write("k\0\0"u8);
        using (var deflater = new System.IO.Compression.ZLibStream(bomb, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            deflater.Write(new byte[900 << 10]);
        var builder = new ImageSharpPngBuilder(1, 1, 8, 0);
        for (var i = 0; i < 64; i++)
            builder.Chunk("zTXt", bomb.ToArray());
        var file = builder.Data(0, 5).Build();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var picture = PictureFile.Read(file, new PictureLimits());

        Assert.Equal([5, 5, 5], picture.Rgb);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Theory]
    [InlineData(99, 16, 1000, "bytes")]
    [InlineData(1 << 20, 7, 1000, "at most 7 a side")]
    [InlineData(1 << 20, 16, 63, "63 in all")]
    public void Identify_OverALimit_IsRefused(int bytes, int side, long pixels, string reason)
    {
        var file = Pictures.File(Pictures.Pattern(8, 8));

        var error = Assert.Throws<PictureException>(() => PictureFile.Identify(file, new PictureLimits(bytes, side, pixels)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyByteChanged_GivesAPictureOrARefusal()
    {
        var file = Pictures.File(Pictures.Pattern(12, 12));
        for (var at = 0; at < file.Length; at++)
        {
            var changed = (byte[])file.Clone();
            changed[at] ^= 0x55;
            AssertPictureOrRefusal(changed);
        }
    }

    [Fact]
    public void Write_PngTwice_GivesTheSameBytesAndReadsBack()
    {
        var picture = Pictures.Pattern(100, 70);
        Dictionary<string, string> text = new() { ["prompt"] = "a", ["b"] = "c" };

        var file = PictureFile.Write(picture, PictureFormat.Png, 90, text);

        Assert.Equal(file, PictureFile.Write(picture, PictureFormat.Png, 90, text.Reverse()));
        Assert.Equal(picture.Rgb, PictureFile.Read(file, new PictureLimits()).Rgb);
    }

    internal static void AssertPictureOrRefusal(byte[] file)
    {
        try
        {
            PictureFile.Read(file, new PictureLimits(MaxPixels: 1 << 20));
        }
        catch (PictureException)
        {
            // As good an answer as a picture.
        }
    }
}
