using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

public sealed class LatentProjectionTests
{
    [Fact]
    public void Apply_Latents_AddsBiasAndFactorsForEachPixel()
    {
        var projection = new LatentProjection([[1, 0, 0], [0, -1, 0.5]], [0, 1, 0]);

        var picture = projection.Apply(TensorData.From([-1, 1, 0, 2], [1, 2, 1, 2]));

        // Colours in -1 to 1: (-1, 1, 0) and (1, -1, 1).
        Assert.Equal((2, 1), (picture.Width, picture.Height));
        Assert.Equal([0, 255, 128, 255, 0, 255], picture.Rgb);
    }

    [Fact]
    public void Fit_ADecoderThatIsLinear_FindsItsMap()
    {
        using var models = new TestModels();
        var model = ModelFolder.Read(Path.Combine(models.Root, TestModels.Latent));
        using var vae = new LinearVae(model.Scale);

        var projection = LatentProjectionFit.Fit(model, vae);

        var latents = Wire.Data(Wire.Latents(model.LatentChannels, 5, 4));
        var (expected, actual) = (LinearVae.Colours(latents), projection.Apply(latents));
        Assert.InRange(expected.Zip(actual.Rgb, (a, b) => Math.Abs(a - b)).Max(), 0, 1);
    }

    [Theory]
    [InlineData("""{"factors": [[1, 0, 0]], "bias": [0, 0, 0]}""")]
    [InlineData("""{"factors": [[1, 0]]}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Read_ABrokenFile_NamesIt(string json)
    {
        using var models = new TestModels();
        var model = ModelFolder.Read(Path.Combine(models.Root, TestModels.DecoderOnly));
        File.WriteAllText(Path.Combine(model.Folder, LatentRgbFactors.Path), json);

        var error = Assert.Throws<ModelFormatException>(() => LatentRgbFactors.Read(model));

        Assert.Equal(LatentRgbFactors.Path, error.Part);
    }

    /// <summary>Every pixel of a latent has the colour 0.02 + 0.1 times channel 0, with 0.05 times channel 3 taken off blue.</summary>
    private sealed class LinearVae(int scale) : VaeModel
    {
        public override bool HasEncoder => false;

        public static byte[] Colours(TensorData latents)
        {
            var values = latents.ToFloats();
            var size = latents.Shape[2] * latents.Shape[3];
            return [.. Enumerable.Range(0, 3 * size).Select(i => (byte)MathF.Round((Colour(values, size, i / 3, i % 3) / 2 + 0.5f) * 255))];
        }

        public override TensorData Decode(TensorData latents)
        {
            var values = latents.ToFloats();
            var (rows, columns) = (latents.Shape[2], latents.Shape[3]);
            var (height, width) = (rows * scale, columns * scale);
            var pixels = new float[3 * height * width];
            for (var i = 0; i < pixels.Length; i++)
            {
                var (colour, y, x) = (i / (height * width), i / width % height / scale, i % width / scale);
                pixels[i] = Colour(values, rows * columns, y * columns + x, colour);
            }

            return TensorData.From(pixels, [1, 3, height, width]);
        }

        public override (TensorData Mean, TensorData LogVariance) Encode(TensorData pixels) => throw new NotSupportedException();

        public override void Dispose()
        {
        }

        private static float Colour(float[] values, int size, int at, int colour) =>
            0.02f + 0.1f * values[at] - (colour == 2 ? 0.05f * values[3 * size + at] : 0);
    }
}
