using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Xunit.Abstractions;
using Tensor = Diffusion.Mesh.V1.Tensor;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>Pictures scored by CLIP.</summary>
[Collection(MeshCollection.Name)]
public sealed class RankingTests(MeshFixture mesh, ITestOutputHelper output)
{
    private const int Prompts = 24;

    [Fact]
    public async Task Generate_Candidates_ReturnsTheBestByTheirScores()
    {
        var request = Wishes.Of(Wishes.Circle).With(r => (r.Candidates, r.Count) = (6, 3));
        var all = await mesh.Generation.FulfilAsync(request.With(r => (r.Candidates, r.Count) = (6, 6)));

        var best = await mesh.Generation.FulfilAsync(request);

        Assert.Equal([0u, 1u, 2u], best.Images.Select(i => i.Index));
        Assert.Equal(all.Images.Take(3).Select(i => (i.Score, i.Candidate)), best.Images.Select(i => (i.Score, i.Candidate)));
        Assert.Equal(all.Images.Select(i => i.Score).OrderDescending(), all.Images.Select(i => i.Score));
        Assert.Equal(6, all.Images.Select(i => i.Candidate).Distinct().Count());
        var text = await TextAsync(Wishes.Circle);
        foreach (var (file, image) in best.Files.Zip(best.Images))
            Assert.Equal(TensorPrimitives.CosineSimilarity<float>(await PictureAsync(file), text), image.Score, 1e-3);
    }

    [Fact]
    public async Task Generate_Candidates_AreThePicturesOfTheSameCount()
    {
        var request = Wishes.Of(Wishes.Circle, steps: 4);
        var plain = await mesh.Generation.FulfilAsync(request.With(r => r.Count = 3));

        var ranked = await mesh.Generation.FulfilAsync(request.With(r => (r.Count, r.Candidates) = (3, 3)));

        Assert.All(ranked.Files.Zip(ranked.Images), pair => Assert.Equal(plain.Files[(int)pair.Second.Candidate], pair.First));
    }

    [Fact]
    public async Task Generate_PicturesOfManyPrompts_TheirOwnRanksFirstFarAboveChance()
    {
        var random = new Random(7);
        var prompts = Enumerable.Range(0, Prompts).Select(_ => Scene.Draw(random).Prompt).ToArray();
        var (texts, pictures) = (new List<float[]>(), new List<float[]>());
        foreach (var (index, prompt) in prompts.Index())
        {
            texts.Add(await TextAsync(prompt));
            pictures.Add(await PictureAsync((await mesh.Generation.FulfilAsync(Wishes.Of(prompt, (ulong)index))).File));
        }

        var first = texts.Index().Count(text =>
            pictures.Index().MaxBy(picture => TensorPrimitives.CosineSimilarity<float>(picture.Item, text.Item)).Index == text.Index);
        output.WriteLine($"Of {Prompts} prompts {first} rank their own picture first: {(double)first / Prompts:F2}, by chance {1.0 / Prompts:F2}");
        Assert.True(first >= Prompts / 3, $"Only {first} of {Prompts} prompts rank their own picture first.");
    }

    private async Task<float[]> TextAsync(string text) =>
        Floats((await mesh.TextEncoder.EncodeTextAsync(new EncodeTextRequest { Model = mesh.Model.Name, Texts = { text } })).Texts[0].Pooled);

    private async Task<float[]> PictureAsync(byte[] file) => Floats(
        (await mesh.TextEncoder.EncodeImageAsync(new EncodeImageRequest { Model = mesh.Model.Name, Image = ByteString.CopyFrom(file) })).Embedding);

    private static float[] Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();
}
