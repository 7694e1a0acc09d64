using System.Numerics.Tensors;
using System.Text.Json;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.TextEncoder.Tests;

/// <summary>The default model's text and image towers against parts.json.</summary>
[Collection(TextEncoderCollection.Name)]
[Trait("Category", "Goldens")]
public sealed class ShapesGoldenTests(TextEncoderServer server)
{
    private const float Tolerance = 1e-3f;

    private static readonly Lazy<JsonElement> _parts = new(GoldenFolder.Parts);

    [Fact]
    public async Task EncodeText_GoldenTexts_GivesHiddenStatesAndPooled()
    {
        var texts = await EncodeTextsAsync();

        Wire.AssertClose(Golden("last_hidden_state"), [.. texts.SelectMany(t => t.Hidden().ToFloats())], Tolerance);
        Wire.AssertClose(Golden("text_embeds"), [.. texts.SelectMany(t => t.Pooled.Read().ToFloats())], Tolerance);
    }

    [Fact]
    public async Task EncodeImage_GoldenPicture_GivesEmbeddingProjectionAndSimilarities()
    {
        var picture = GoldenFolder.Shapes(_parts.Value.GetProperty("picture").GetString()!);
        var response = await server.Client.EncodeImageAsync(
            new EncodeImageRequest { Model = TestModels.Shapes, Image = ByteString.CopyFrom(picture) });
        var embedding = response.Embedding.Read().ToFloats();

        AssertCloseToLargest(Golden("image_embeds"), embedding);
        AssertCloseToLargest(Golden("image_prompt_embeds"), response.Conditioning.Input("encoder_hidden_states").ToFloats());
        var similarities = (await EncodeTextsAsync())
            .Select(t => TensorPrimitives.CosineSimilarity<float>(embedding, t.Pooled.Read().ToFloats())).ToArray();
        Wire.AssertClose([.. _parts.Value.GetProperty("cosine_similarity").EnumerateArray().Select(v => v.GetSingle())], similarities, Tolerance);
    }

    private async Task<IReadOnlyList<EncodedText>> EncodeTextsAsync()
    {
        var request = new EncodeTextRequest { Model = TestModels.Shapes };
        request.Texts.AddRange(_parts.Value.GetProperty("texts").EnumerateArray().Select(t => t.GetString()));
        return (await server.Client.EncodeTextAsync(request)).Texts;
    }

    private static void AssertCloseToLargest(float[] expected, float[] actual) =>
        Wire.AssertClose(expected, actual, Tolerance * expected.Max(MathF.Abs));

    private static float[] Golden(string name) => GoldenFolder.Floats(_parts.Value.GetProperty(name));
}
