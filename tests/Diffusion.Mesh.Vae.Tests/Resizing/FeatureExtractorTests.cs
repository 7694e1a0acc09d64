using System.Runtime.InteropServices;
using System.Text.Json;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Testing;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

public sealed class FeatureExtractorTests
{
    private static readonly string Configuration =
        Path.Combine(TestFolders.Repository, "models", "shapes", "feature_extractor", "preprocessor_config.json");

    [Fact]
    [Trait("Category", "Goldens")]
    public void Apply_GoldenPicture_GivesItsPixelValues()
    {
        var folder = Path.Combine(TestFolders.Goldens, "shapes");
        using var parts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "parts.json")));
        var expected = MemoryMarshal.Cast<byte, float>(parts.RootElement.GetProperty("pixel_values").GetProperty("f32").GetBytesFromBase64());
        var picture = PictureFile.Read(File.ReadAllBytes(Path.Combine(folder, parts.RootElement.GetProperty("picture").GetString()!)), new PictureLimits());

        var actual = FeatureExtractor.Parse(File.ReadAllBytes(Configuration)).Apply(picture);

        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++)
            Assert.InRange(actual[i] - expected[i], -1e-6f, 1e-6f);
    }

    [Theory]
    [InlineData(1, 16384)]
    [InlineData(16384, 1)]
    public void Apply_AThread_TakesItsMiddleWithoutMemoryForTheRest(int width, int height)
    {
        var extractor = FeatureExtractor.Parse(File.ReadAllBytes(Configuration));
        var thread = Pictures.Pattern(width, height);
        var before = GC.GetAllocatedBytesForCurrentThread();

        extractor.Apply(thread);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Parse_CropLargerThanThePicture_IsRefused()
    {
        var json = """{"size": 32, "crop_size": 64, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}"""u8.ToArray();

        Assert.Throws<JsonException>(() => FeatureExtractor.Parse(json));
    }
}
