using Diffusion.Mesh.Testing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;
using static Diffusion.Mesh.StandIns.Tests.ImageSharpTestImages;

namespace Diffusion.Mesh.StandIns.Tests;

[Collection(NativeImageLibraries.Collection)]
public sealed class ImageSharpWebpTests
{
    /// <summary>40 x 30 pixels, two lossless frames, the first one red; written by Pillow.</summary>
    private const string Animation =
        "UklGRoQAAABXRUJQVlA4WAoAAAASAAAAJwAAHQAAQU5JTQYAAAAAAAAAAABBTk1GKAAAAAAAAAAAACcAAB0AAAAAAAJWUDhMDwAAAC8nQAcABxD9j/4HIqL/"
        + "AQBBTk1GKAAAAAAAAAAAACcAAB0AAAAAAAJWUDhMDwAAAC8nQAcQB9D/iAIGIqL/AQA=";

    [Fact]
    public void Load_SavedLossless_ReturnsTheSamePixels()
    {
        AssertLossless<Rgb24>();
        AssertLossless<Rgba32>();
    }

    [Fact]
    public void Load_SavedLossy_IsClose()
    {
        using var image = Smooth(120, 90);

        var webp = Save(stream => image.SaveAsWebp(stream, new WebpEncoder { Quality = 90 }));
        using var loaded = Image.Load<Rgb24>(webp);

        Assert.Equal(image.Size, Image.Identify(webp).Size);
        Assert.InRange(Difference(image, loaded), 0, 4);
    }

    [Fact]
    public void SaveAsWebp_LowerQuality_IsSmaller()
    {
        using var image = Noisy<Rgb24>(120, 90);

        var small = Save(stream => image.SaveAsWebp(stream, new WebpEncoder { Quality = 10 }));

        Assert.True(small.Length < Save(image.SaveAsWebp).Length);
    }

    [Fact]
    public void SaveAsWebp_TooWide_ThrowsImageFormatException()
    {
        using var image = new Image<Rgb24>(16384, 1);

        Assert.Throws<ImageFormatException>(() => Save(image.SaveAsWebp));
    }

    [Fact]
    public void Load_Animation_ReturnsTheFirstFrame()
    {
        var webp = Convert.FromBase64String(Animation);

        using var image = Image.Load<Rgb24>(webp);

        Assert.Equal(2, Image.Identify(webp).FrameMetadataCollection.Count);
        Assert.Equal(new Size(40, 30), image.Size);
        Assert.All(Pixels(image), pixel => Assert.Equal(new Rgb24(255, 0, 0), pixel));
    }

    [Theory]
    [InlineData(WebpFileFormatType.Lossless)]
    [InlineData(WebpFileFormatType.Lossy)]
    public void Load_TruncatedAnywhere_ThrowsInvalidImageContent(WebpFileFormatType format)
    {
        using var image = Noisy<Rgb24>(40, 30);
        var webp = Save(stream => image.SaveAsWebp(stream, new WebpEncoder { FileFormat = format }));

        // The last bytes may be padding that no pixel needs.
        Assert.All(Enumerable.Range(12, webp.Length - 20), length =>
            Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(webp.AsSpan(0, length))));
    }

    [Fact]
    public void Load_AnyByteChanged_LoadsOrThrowsImageFormatException()
    {
        foreach (var webp in new[] { Convert.FromBase64String(Animation), Save(Noisy<Rgba32>(24, 16).SaveAsWebp) })
        {
            for (var index = 0; index < webp.Length; index++)
            {
                // A changed canvas may be large, yet is still an image; those are left out.
                var corrupt = (byte[])webp.Clone();
                corrupt[index] ^= 0xFF;
                if (Record.Exception(() => LoadSmall(corrupt)) is { } error)
                    Assert.IsAssignableFrom<ImageFormatException>(error);
            }
        }
    }

    private static void LoadSmall(byte[] webp)
    {
        var (width, height) = Image.Identify(webp).Size;
        if ((long)width * height < 1 << 24)
            Image.Load<Rgb24>(webp).Dispose();
    }

    private static void AssertLossless<TPixel>()
        where TPixel : unmanaged, IPixel<TPixel>
    {
        // Without transparent pixels: the encoder is free to change the colours that nobody sees.
        using var image = Noisy<TPixel>(60, 40);
        using var loaded = Image.Load<TPixel>(
            Save(stream => image.SaveAsWebp(stream, new WebpEncoder { FileFormat = WebpFileFormatType.Lossless })));
        Assert.Equal(Pixels(image), Pixels(loaded));
    }
}
