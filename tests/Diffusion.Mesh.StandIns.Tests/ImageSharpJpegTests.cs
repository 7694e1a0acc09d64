using Diffusion.Mesh.Testing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;
using static Diffusion.Mesh.StandIns.Tests.ImageSharpTestImages;

namespace Diffusion.Mesh.StandIns.Tests;

[Collection(NativeImageLibraries.Collection)]
public sealed class ImageSharpJpegTests
{
    /// <summary>8 x 8 pixels of cyan 0, magenta 200, yellow 255, black 30, inverted as Adobe does; written by Pillow.</summary>
    private const string Cmyk =
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZMTlJTUjI+WmFaUGBKUVJP/8AAFAgACAAI"
        + "BEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEV"
        + "UtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrC"
        + "w8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD06uSrzCu8r//Z";

    [Theory]
    [InlineData(95, 2)]
    [InlineData(60, 5)]
    public void Load_SavedWithQuality_IsClose(int quality, double tolerance)
    {
        using var image = Smooth(120, 90);

        var jpeg = Save(stream => image.SaveAsJpeg(stream, new JpegEncoder { Quality = quality }));
        using var loaded = Image.Load<Rgb24>(jpeg);

        Assert.Equal(image.Size, loaded.Size);
        Assert.InRange(Difference(image, loaded), 0, tolerance);
    }

    [Fact]
    public void SaveAsJpeg_LowerQuality_IsSmaller()
    {
        using var image = Noisy<Rgb24>(120, 90);

        var small = Save(stream => image.SaveAsJpeg(stream, new JpegEncoder { Quality = 30 }));

        Assert.True(small.Length < Save(image.SaveAsJpeg).Length);
    }

    [Fact]
    public void SaveAsJpeg_Gray_HasOneComponent()
    {
        using var image = Noisy<L8>(20, 10);

        var jpeg = Save(image.SaveAsJpeg);

        Assert.Equal(8, Image.Identify(jpeg).PixelType.BitsPerPixel);
        Assert.Equal(image.Size, Image.Load<L8>(jpeg).Size);
    }

    [Fact]
    public void Load_FourInks_MixesThemToRgb() => Assert.Equal(new Rgb24(226, 49, 0), Image.Load<Rgb24>(Convert.FromBase64String(Cmyk))[3, 3]);

    [Fact]
    public void Load_TruncatedAnywhere_ThrowsInvalidImageContent()
    {
        using var image = Smooth(40, 30);
        var jpeg = Save(image.SaveAsJpeg);

        Assert.All(Enumerable.Range(3, jpeg.Length - 3), length =>
            Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(jpeg.AsSpan(0, length))));
    }

    [Fact]
    public void Load_AnyByteChanged_LoadsOrThrowsImageFormatException()
    {
        using var image = Noisy<Rgb24>(24, 16);
        var jpeg = Save(image.SaveAsJpeg);

        for (var index = 0; index < jpeg.Length; index++)
        {
            var corrupt = (byte[])jpeg.Clone();
            corrupt[index] ^= 0xFF;
            if (Record.Exception(() => Image.Load<Rgb24>(corrupt).Dispose()) is { } error)
                Assert.IsAssignableFrom<ImageFormatException>(error);
        }
    }

    [Fact]
    public void Identify_HeaderOnly_KnowsTheSize()
    {
        byte[] header = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC0, 0, 8, 8, 0x12, 0x34, 0x56, 0x78, 3];

        Assert.Equal(new Size(0x5678, 0x1234), Image.Identify(header).Size);
        Assert.Throws<InvalidImageContentException>(() => Image.Identify(header.AsSpan(0, 12)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Quality_OutsideItsRange_ThrowsArgumentException(int quality) =>
        Assert.Throws<ArgumentException>(() => new JpegEncoder { Quality = quality });
}
