using System.Runtime.InteropServices;
using System.Text.Json;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Vae.Tests;

[Trait("Category", "Goldens")]
public sealed class VaeGoldenTests(ITestOutputHelper output)
{
    private static readonly string Shapes = Path.Combine(TestFolders.Repository, "models", "shapes");

    [Fact]
    public void DecodeAndEncode_TheDefaultModelsParts_GiveTheReferencesNumbers()
    {
        using var parts = Read(Path.Combine(TestFolders.Goldens, "shapes", "parts.json"));
        using var vae = VaeModel.Load(ModelFolder.Read(Shapes), new ExecutionOptions());
        var (sample, decoded, parameters) = (Tensor(parts, "sample"), Tensor(parts, "decoded"), Tensor(parts, "latent_parameters"));
        // The reference encodes what it decoded, clipped to a picture's range.
        var pixels = TensorData.From(Array.ConvertAll(decoded.ToFloats(), v => Math.Clamp(v, -1, 1)), decoded.Shape);

        for (var row = 0; row < sample.Shape[0]; row++)
        {
            AssertNear(decoded.Row(row).ToFloats(), vae.Decode(sample.Row(row)).ToFloats());
            var (mean, logVariance) = vae.Encode(pixels.Row(row));
            var expected = parameters.Row(row).ToFloats();
            AssertNear(expected[..mean.Count], mean.ToFloats());
            AssertNear(Array.ConvertAll(expected[mean.Count..], v => Math.Clamp(v, -30, 20)), logVariance.ToFloats());
        }
    }

    [Fact]
    public void Decode_TheLatentsOfEveryPipeline_GivesItsPictures()
    {
        var folders = Directory.GetDirectories(Path.Combine(TestFolders.Goldens, "pipelines"));
        Assert.NotEmpty(folders);
        foreach (var folder in folders)
        {
            using var vae = VaeModel.Load(ModelFolder.Read(Path.Combine(folder, "model")), new ExecutionOptions());
            foreach (var file in Directory.GetFiles(folder, "*.json"))
            {
                using var golden = Read(file);
                var latents = Tensor(golden, "latents");
                for (var row = 0; row < latents.Shape[0]; row++)
                    AssertPicture(golden, row, vae.Decode(latents.Row(row)), file);
            }
        }
    }

    [Fact]
    public void Apply_TheFitOfTheDefaultModel_ShowsWhatIsDecoded()
    {
        var model = ModelFolder.Read(Shapes);
        using var vae = VaeModel.Load(model, new ExecutionOptions());
        var projection = LatentProjectionFit.Fit(model, vae);
        foreach (var file in Directory.GetFiles(Path.Combine(TestFolders.Goldens, "shapes"), "text2img*.json"))
        {
            using var golden = Read(file);
            var latents = Tensor(golden, "latents").Row(0);
            var pixels = vae.Decode(latents);
            var decoded = PillowResize.Resize(
                Picture.FromPlanes(pixels.ToFloats(), pixels.Shape[3], pixels.Shape[2]), ResampleFilter.Bicubic, latents.Shape[3], latents.Shape[2]);

            var error = projection.Apply(latents).Rgb.Zip(decoded.Rgb, (a, b) => Math.Abs(a - b)).Average();

            output.WriteLine($"{Path.GetFileName(file)}: {error:F1} of 255");
            Assert.InRange(error, 0, 25);
        }
    }

    private static void AssertPicture(JsonDocument golden, int row, TensorData pixels, string file)
    {
        var picture = Picture.FromPlanes(pixels.ToFloats(), pixels.Shape[3], pixels.Shape[2]);
        var expected = golden.RootElement.GetProperty("images").GetProperty("u8").GetBytesFromBase64().AsSpan(row * picture.Rgb.Length, picture.Rgb.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - picture.Rgb[i]) <= 2, $"{file}: value {i} is {picture.Rgb[i]}, not {expected[i]}.");
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        var largest = expected.Max(MathF.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -1e-3f * largest, 1e-3f * largest));
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllBytes(file));

    private static TensorData Tensor(JsonDocument golden, string name)
    {
        var tensor = golden.RootElement.GetProperty(name);
        return TensorData.From(
            MemoryMarshal.Cast<byte, float>(tensor.GetProperty("f32").GetBytesFromBase64()),
            [.. tensor.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())]);
    }
}
