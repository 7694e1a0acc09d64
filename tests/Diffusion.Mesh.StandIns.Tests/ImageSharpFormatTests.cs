using Diffusion.Mesh.Testing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;
using static Diffusion.Mesh.StandIns.Tests.ImageSharpTestImages;

namespace Diffusion.Mesh.StandIns.Tests;

[Collection(NativeImageLibraries.Collection)]
public sealed class ImageSharpFormatTests
{
    [Fact]
    public void DetectFormat_EachFormat_IsNamed()
    {
        using var image = new Image<Rgb24>(4, 4);

        Assert.Equal("image/png", Image.DetectFormat(Save(image.SaveAsPng)).DefaultMimeType);
        Assert.Equal("image/jpeg", Image.DetectFormat(Save(image.SaveAsJpeg)).DefaultMimeType);
        Assert.Equal("image/webp", Image.DetectFormat(Save(image.SaveAsWebp)).DefaultMimeType);
    }

    [Fact]
    public void Load_UnknownBytes_ThrowsUnknownImageFormat()
    {
        foreach (var bytes in new[] { [], "GIF89a plus more bytes"u8.ToArray(), new byte[64] })
        {
            Assert.Throws<UnknownImageFormatException>(() => Image.Load<Rgb24>(bytes));
            Assert.Throws<UnknownImageFormatException>(() => Image.Identify(bytes));
            Assert.Throws<UnknownImageFormatException>(() => Image.DetectFormat(bytes));
        }
    }

    [Fact]
    public void Load_FormatLeftOutOfTheConfiguration_ThrowsUnknownImageFormat()
    {
        using var image = new Image<Rgb24>(4, 4);
        var options = new DecoderOptions { Configuration = new Configuration(new PngConfigurationModule()) };

        Image.Load<Rgb24>(options, Save(image.SaveAsPng)).Dispose();
        Assert.Throws<UnknownImageFormatException>(() => Image.Load<Rgb24>(options, Save(image.SaveAsJpeg)));
    }

    [Fact]
    public void DecodedImageFormat_LoadedAndNew_TellsThemApart()
    {
        using var image = new Image<Rgb24>(4, 4);
        using var loaded = Image.Load<Rgb24>(Save(image.SaveAsPng));

        Assert.Null(image.Metadata.DecodedImageFormat);
        Assert.Same(PngFormat.Instance, loaded.Metadata.DecodedImageFormat);
    }
}
