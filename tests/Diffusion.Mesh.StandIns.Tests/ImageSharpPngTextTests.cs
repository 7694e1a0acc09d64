using System.IO.Compression;
using System.Text;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Png.Chunks;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;
using static Diffusion.Mesh.StandIns.Tests.ImageSharpTestImages;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class ImageSharpPngTextTests
{
    [Theory]
    [InlineData("a red circle", "", "", "tEXt")]
    [InlineData("caf\u00e9\nsteps: 20", "", "", "tEXt")]
    [InlineData("\u732b and \U0001F600", "", "", "iTXt")]
    [InlineData("a cat", "en", "", "iTXt")]
    [InlineData("eine Katze", "de", "Parameter \u2013 alle", "iTXt")]
    public void Load_SavedText_ReturnsIt(string value, string language, string translated, string chunk)
    {
        var text = new PngTextData("parameters", value, language, translated);
        var png = SaveWith(text);

        Assert.Equal([text], Image.Load<Rgb24>(png).Metadata.GetPngMetadata().TextData);
        Assert.Equal([text], Image.Identify(png).Metadata.GetPngMetadata().TextData);
        Assert.True(png.AsSpan().IndexOf(Encoding.ASCII.GetBytes(chunk)) > 0);
    }

    [Theory]
    [InlineData('a', "zTXt")]
    [InlineData('\u732b', "iTXt")]
    public void Load_SavedLongText_IsCompressedAndReturned(char letter, string chunk)
    {
        var text = new PngTextData("workflow", new string(letter, 20_000), "", "");
        var png = SaveWith(text);

        Assert.Equal([text], Image.Load<Rgb24>(png).Metadata.GetPngMetadata().TextData);
        Assert.InRange(png.Length, 0, 1000);
        Assert.True(png.AsSpan().IndexOf(Encoding.ASCII.GetBytes(chunk)) > 0);
    }

    [Fact]
    public void Save_SkipMetadata_LeavesTextsOut()
    {
        using var image = ImageWith(new PngTextData("parameters", "secret", "", ""));

        var png = Save(stream => image.SaveAsPng(stream, new PngEncoder { SkipMetadata = true }));

        Assert.Empty(Image.Load<Rgb24>(png).Metadata.GetPngMetadata().TextData);
    }

    [Fact]
    public void Load_SkipMetadata_LeavesTextsUnread()
    {
        var options = new DecoderOptions { SkipMetadata = true, MaxFrames = 1 };

        using var image = Image.Load<Rgb24>(options, SaveWith(new PngTextData("parameters", "x", "", "")));

        Assert.Empty(image.Metadata.GetPngMetadata().TextData);
    }

    [Fact]
    public void Clone_ChangedText_LeavesTheOriginalAlone()
    {
        using var image = ImageWith(new PngTextData("parameters", "x", "", ""));

        using var clone = image.Clone();
        clone.Metadata.GetPngMetadata().TextData.Clear();

        Assert.Single(image.Metadata.GetPngMetadata().TextData);
    }

    [Fact]
    public void Load_MalformedTexts_CostOnlyTheText()
    {
        var huge = new MemoryStream();
        using (var deflater = new ZLibStream(huge, CompressionLevel.Fastest, leaveOpen: true))
            deflater.Write(new byte[64 << 20]);
        var png = new ImageSharpPngBuilder(1, 1, 8, 2)
            .Chunk("tEXt", [.. "no terminator"u8]).Chunk("tEXt", 0, 65).Chunk("tEXt", 32, 0, 65)
            .Chunk("zTXt", [.. "bomb\0\0"u8, .. huge.ToArray()]).Chunk("zTXt", [.. "broken\0\0"u8, 1, 2, 3])
            .Chunk("iTXt", [.. "short\0"u8]).Chunk("iTXt", [.. "cut\0\0\0en"u8]).Chunk("tEXt", [.. "good\0text"u8])
            .Data(0, 1, 2, 3).Build();

        using var image = Image.Load<Rgb24>(png);

        Assert.Equal([new PngTextData("good", "text", "", "")], image.Metadata.GetPngMetadata().TextData);
    }

    private static byte[] SaveWith(PngTextData text)
    {
        using var image = ImageWith(text);
        return Save(image.SaveAsPng);
    }

    private static Image<Rgb24> ImageWith(PngTextData text)
    {
        var image = new Image<Rgb24>(2, 2);
        image.Metadata.GetPngMetadata().TextData.Add(text);
        return image;
    }
}
