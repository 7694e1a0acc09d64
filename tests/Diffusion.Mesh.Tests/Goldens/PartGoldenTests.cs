using System.Text.Json;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Google.Protobuf;

namespace Diffusion.Mesh.Tests;

/// <summary>Each part of the default model by itself, against parts.json.</summary>
[Collection(MeshCollection.Name)]
[Trait("Category", "Goldens")]
public sealed class PartGoldenTests(MeshFixture mesh)
{
    private static readonly Lazy<JsonElement> _parts = new(() => GoldenFolder.Shapes.Read("parts"));

    [Fact]
    public async Task EncodeText_GoldenTexts_GivesHiddenStatesAndPooledEmbeddings()
    {
        var texts = (await EncodeTextsAsync()).Texts;
        var (hidden, pooled) = (Golden("last_hidden_state"), Golden("text_embeds"));

        Assert.Equal(hidden.Shape[0], texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            var named = Assert.Single(texts[i].Conditioning.Tensors);
            Assert.Equal("encoder_hidden_states", named.Name);
            Close.AssertEqual(hidden.Row(i), Floats(named.Tensor), $"last_hidden_state of text {i}");
            Close.AssertEqual(pooled.Row(i), Floats(texts[i].Pooled), $"text_embeds of text {i}");
            Assert.False(texts[i].Truncated);
        }
    }

    [Fact]
    public void UnetRun_RowsOfDifferentTimesteps_GivesEachRowsPrediction()
    {
        using var unet = UnetModel.Load(mesh.Model, new ExecutionOptions());
        var (sample, hidden, expected) = (Golden("sample"), Golden("last_hidden_state"), Golden("out_sample"));
        float[] timesteps = [.. _parts.Value.GetProperty("timestep").EnumerateArray().Select(timestep => timestep.GetSingle())];
        var states = TensorData.From(hidden.Values, hidden.Shape);
        var prediction = new float[expected.Count];

        var rowShape = new UnetShape(
            sample.Shape[2], sample.Shape[3], new Dictionary<string, IReadOnlyList<int>> { ["encoder_hidden_states"] = states.Row(0).Shape });
        using var rows = unet.Allocate(rowShape, timesteps.Length);
        for (var row = 0; row < timesteps.Length; row++)
        {
            rows.SetLatents(row, sample.Row(row), []);
            rows.SetTimestep(row, timesteps[row]);
            rows.SetConditioning(row, new Dictionary<string, TensorData> { ["encoder_hidden_states"] = states.Row(row) });
        }

        rows.Run(timesteps.Length);
        var size = prediction.Length / timesteps.Length;
        for (var row = 0; row < timesteps.Length; row++)
            rows.GetPrediction(row, prediction.AsSpan(row * size, size));

        Close.AssertEqual(expected.Values, prediction, "out_sample");
    }

    [Fact]
    public void VaeDecode_Latents_GivesPixels()
    {
        using var vae = VaeModel.Load(mesh.Model, new ExecutionOptions());
        var (sample, expected) = (Golden("sample"), Golden("decoded"));
        var latents = TensorData.From(sample.Values, sample.Shape);

        for (var i = 0; i < sample.Shape[0]; i++)
            Close.AssertEqual(expected.Row(i), vae.Decode(latents.Row(i)).ToFloats(), $"decoded[{i}]");
    }

    [Fact]
    public void VaeEncode_Pixels_GivesTheLatentDistribution()
    {
        using var vae = VaeModel.Load(mesh.Model, new ExecutionOptions());
        var (pixels, parameters) = (Golden("decoded"), Golden("latent_parameters"));
        // The reference encodes what it decoded, clipped to a picture's range.
        var clipped = Array.ConvertAll(pixels.Values, value => Math.Clamp(value, -1, 1));
        var (mean, logVariance) = vae.Encode(TensorData.From(clipped, pixels.Shape));

        for (var i = 0; i < pixels.Shape[0]; i++)
        {
            var expected = parameters.Row(i).ToArray();
            var half = expected.Length / 2;
            Close.AssertEqual(expected.AsSpan(0, half), mean.Row(i).ToFloats(), $"mean[{i}]");
            Close.AssertEqual([.. expected[half..].Select(v => Math.Clamp(v, -30, 20))], logVariance.Row(i).ToFloats(), $"log variance[{i}]");
        }
    }

    [Fact]
    public async Task EncodeImage_GoldenPicture_GivesEmbeddingProjectionAndSimilarities()
    {
        var file = GoldenFolder.Shapes.Bytes(_parts.Value.GetProperty("picture").GetString()!);
        var image = await mesh.TextEncoder.EncodeImageAsync(new EncodeImageRequest { Model = mesh.Model.Name, Image = ByteString.CopyFrom(file) });

        var embedding = Floats(image.Embedding);
        Close.AssertEqual(Golden("image_embeds").Values, embedding, "image_embeds");
        Close.AssertEqual(Golden("image_prompt_embeds").Values, Floats(Assert.Single(image.Conditioning.Tensors).Tensor), "image_prompt_embeds");
        var similarities = (await EncodeTextsAsync()).Texts.Select(text => Cosine(embedding, Floats(text.Pooled))).ToArray();
        Close.AssertEqual(
            [.. _parts.Value.GetProperty("cosine_similarity").EnumerateArray().Select(value => value.GetSingle())], similarities, "cosine_similarity");
    }

    [Fact]
    public void FeatureExtractor_GoldenPicture_GivesPixelValuesWithinOneLevel()
    {
        var extractor = FeatureExtractor.Parse(File.ReadAllBytes(Path.Combine(mesh.Model.Folder, "feature_extractor", "preprocessor_config.json")));
        var picture = PictureFile.Read(GoldenFolder.Shapes.Bytes(_parts.Value.GetProperty("picture").GetString()!), new PictureLimits());
        var expected = Golden("pixel_values");
        var actual = extractor.Apply(picture);

        Assert.Equal(expected.Count, actual.Length);
        var plane = expected.Count / 3;
        for (var i = 0; i < actual.Length; i++)
        {
            var levels = MathF.Abs(expected.Values[i] - actual[i]) * extractor.Deviation[i / plane] * 255;
            Assert.True(levels < 1.01f, $"pixel_values[{i}] is {levels} levels of 255 away from the reference.");
        }
    }

    private async Task<EncodeTextResponse> EncodeTextsAsync()
    {
        var request = new EncodeTextRequest { Model = mesh.Model.Name, ModelRevision = mesh.Model.Revision };
        request.Texts.AddRange(_parts.Value.GetProperty("texts").EnumerateArray().Select(text => text.GetString()));
        return await mesh.TextEncoder.EncodeTextAsync(request);
    }

    private static GoldenTensor Golden(string name) => GoldenTensor.Read(_parts.Value.GetProperty(name));

    private static float[] Floats(Tensor message) => TensorMessages.Read(message, out _)!.ToFloats();

    private static float Cosine(float[] a, float[] b) => System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(a, b);
}
