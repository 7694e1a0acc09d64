using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;
using static Diffusion.Mesh.StandIns.Tests.ImageSharpTestImages;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class ImageSharpPngRoundTripTests
{
    public static TheoryData<PngFilterMethod?, PngCompressionLevel> Options()
    {
        var data = new TheoryData<PngFilterMethod?, PngCompressionLevel> { { null, PngCompressionLevel.DefaultCompression } };
        foreach (var filter in Enum.GetValues<PngFilterMethod>())
            data.Add(filter, PngCompressionLevel.BestSpeed);
        return data;
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Load_SavedWithAnyFilter_ReturnsTheSamePixels(PngFilterMethod? filter, PngCompressionLevel level)
    {
        var encoder = new PngEncoder { FilterMethod = filter, CompressionLevel = level };
        AssertRoundTrip<Rgb24>(encoder);
        AssertRoundTrip<Rgba32>(encoder);
        AssertRoundTrip<L8>(encoder);
    }

    [Fact]
    public void SaveAsPng_SameImage_WritesTheSameBytes()
    {
        using var image = Noisy<Rgb24>(300, 200);

        Assert.Equal(Save(image.SaveAsPng), Save(image.SaveAsPng));
    }

    [Fact]
    public void SaveAsPng_Adaptive_IsSmallerThanUnfiltered()
    {
        using var image = Smooth(256, 256);

        var adaptive = Save(image.SaveAsPng);
        var unfiltered = Save(stream => image.SaveAsPng(stream, new PngEncoder { FilterMethod = PngFilterMethod.None }));

        Assert.True(adaptive.Length < unfiltered.Length / 2, $"{adaptive.Length} of {unfiltered.Length} bytes");
    }

    [Fact]
    public void Load_FromStream_ReadsFromItsPosition()
    {
        using var image = Noisy<Rgb24>(9, 4);
        using var stream = new MemoryStream();
        stream.WriteByte(7);
        image.SaveAsPng(stream);
        stream.Position = 1;

        using var loaded = Image.Load<Rgb24>(stream);

        Assert.Equal(Pixels(image), Pixels(loaded));
    }

    [Fact]
    public void Load_AsOtherPixelFormat_Converts()
    {
        using var image = new Image<Rgba32>(1, 1, new Rgba32(255, 0, 0, 10));
        var encoded = Save(image.SaveAsPng);

        Assert.Equal(new Rgb24(255, 0, 0), Image.Load<Rgb24>(encoded)[0, 0]);
        Assert.Equal(new L8(54), Image.Load<L8>(encoded)[0, 0]);
    }

    private static void AssertRoundTrip<TPixel>(PngEncoder encoder)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        // Rows shorter and longer than a vector register, and more data than one IDAT chunk.
        foreach (var (width, height) in new[] { (1, 1), (5, 3), (67, 41), (400, 300) })
        {
            using var image = Noisy<TPixel>(width, height);
            using var loaded = Image.Load<TPixel>(Save(stream => image.SaveAsPng(stream, encoder)));
            Assert.Equal(Pixels(image), Pixels(loaded));
        }
    }
}
