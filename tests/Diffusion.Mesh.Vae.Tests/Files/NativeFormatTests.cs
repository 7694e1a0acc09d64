using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.StandIns.Tests;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

[Collection(ImageSharpNativeLibraries.Collection)]
public sealed class NativeFormatTests
{
    [Theory]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public void Read_LossyFile_IsNearWhatWasWritten(PictureFormat format)
    {
        var picture = Pictures.Solid(40, 24, 90);

        var read = PictureFile.Read(Pictures.File(picture, format), new PictureLimits());

        Assert.Equal((40, 24), (read.Width, read.Height));
        Assert.All(read.Rgb, value => Assert.InRange(value, 88, 92));
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public void Read_TruncatedAnywhere_IsRefused(PictureFormat format)
    {
        var file = Pictures.File(Pictures.Pattern(40, 24), format);
        for (var length = 0; length < file.Length - 2; length++)
            Assert.Throws<PictureException>(() => PictureFile.Read(file.AsSpan(0, length), new PictureLimits()));
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public void Read_AnyByteChanged_GivesAPictureOrARefusal(PictureFormat format)
    {
        var file = Pictures.File(Pictures.Pattern(24, 16), format);
        for (var at = 0; at < file.Length; at++)
        {
            var changed = (byte[])file.Clone();
            changed[at] ^= 0x55;
            PictureFileTests.AssertPictureOrRefusal(changed);
        }
    }
}
