using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.TextEncoder.Tests;

[Collection(TextEncoderCollection.Name)]
public sealed class EncodeTextTests(TextEncoderServer server)
{
    private const string Prompt = "a large red circle on a white background";

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task EncodeText_TwoTowers_JoinsStatesBeforeTheLastAndGivesPooled(int? clipSkip)
    {
        var encoded = await server.EncodeAsync(TestModels.Sdxl, Prompt, Skip(clipSkip));

        using var parts = server.Models.Load(TestModels.Sdxl);
        var towers = parts.Towers
            .Select(t => t.Model.Encode([t.Tokenizer.Encode(Prompt).Ids], t.Model.HiddenStates - 2 - (clipSkip ?? 0))[0]).ToArray();
        Wire.AssertSameBits(TensorJoin.AlongWidth([towers[0].Hidden, towers[1].Hidden]), encoded.Hidden());
        Assert.Equal([1, 32, 40], encoded.Hidden().Shape);
        Wire.AssertSameBits(towers[1].Pooled!, encoded.Conditioning.Input("text_embeds"));
        Wire.AssertSameBits(towers[1].Pooled!, encoded.Pooled.Read());
        Assert.Equal(2, encoded.Conditioning.Tensors.Count);
    }

    [Theory]
    [InlineData(TestModels.Sd15, ElementType.Float32)]
    [InlineData(TestModels.Half, ElementType.Float16)]
    public async Task EncodeText_OneTower_GivesItsOutputInItsType(string model, ElementType type)
    {
        var encoded = await server.EncodeAsync(model, Prompt);

        Assert.Equal(type, encoded.Hidden().Type);
        Assert.Single(encoded.Conditioning.Tensors);
        Assert.Null(encoded.Pooled);
    }

    [Fact]
    public async Task EncodeText_ClipSkipOfOneTower_IsTheEarlierStateNormed()
    {
        var encoded = await server.EncodeAsync(TestModels.HiddenStates, Prompt, Skip(1));

        using var parts = server.Models.Load(TestModels.HiddenStates);
        var tower = parts.Towers[0];
        var state = tower.Model.Encode([tower.Tokenizer.Encode(Prompt).Ids], tower.Model.HiddenStates - 2)[0].Hidden;
        Wire.AssertSameBits(tower.Choose(1, out _)!.Finish(state), encoded.Hidden());
        Assert.NotEqual((await server.EncodeAsync(TestModels.HiddenStates, Prompt)).Hidden().ToFloats(), encoded.Hidden().ToFloats());
    }

    [Theory]
    [InlineData(TestModels.Shapes)]
    [InlineData(TestModels.Sdxl)]
    public async Task EncodeText_Chunk_IsTheWindowsOneAfterTheOther(string model)
    {
        var first = string.Join(' ', Enumerable.Repeat("red", 30));
        var chunk = new TextOptions { LongPrompt = LongPrompt.Chunk };
        var whole = await server.EncodeAsync(model, $"{first} {Prompt}", chunk);
        var (a, b) = (await server.EncodeAsync(model, first), await server.EncodeAsync(model, Prompt));

        Wire.AssertSameBits(TensorJoin.AlongTokens([a.Hidden(), b.Hidden()]), whole.Hidden());
        Wire.AssertSameBits(a.Pooled.Read(), whole.Pooled.Read());
        Assert.Equal(a.TokenCount + b.TokenCount, whole.TokenCount);
        Assert.False(whole.Truncated);
    }

    [Fact]
    public async Task EncodeText_LongTextByDefault_IsTruncatedAndSaysSo()
    {
        var encoded = await server.EncodeAsync(TestModels.Shapes, string.Join(' ', Enumerable.Repeat("red", 31)));

        Assert.True(encoded.Truncated);
        Assert.Equal(31u, encoded.TokenCount);
        Assert.Equal([1, 32, 128], encoded.Hidden().Shape);
    }

    [Fact]
    public async Task EncodeText_AttentionWeights_WeighTokensAndKeepTheMean()
    {
        var options = new TextOptions { AttentionWeights = true };
        var plain = (await server.EncodeAsync(TestModels.Shapes, "a red circle")).Hidden().ToFloats();
        var weighted = (await server.EncodeAsync(TestModels.Shapes, "a (red:1.5) circle", options)).Hidden().ToFloats();

        var width = plain.Length / 32;
        var scale = weighted[0] / plain[0];
        for (var i = 0; i < plain.Length; i++)
            Assert.Equal(plain[i] * scale * (i / width == 2 ? 1.5f : 1), weighted[i], 1e-4f);
        Assert.Equal(plain.Average(), weighted.Average(), 1e-5f);
        Wire.AssertSameBits((await server.EncodeAsync(TestModels.Shapes, "a red circle", options)).Hidden(), TensorData.From(plain, [1, 32, width]));
    }

    [Fact]
    public async Task EncodeText_BracketsByDefault_AreText()
    {
        var encoded = await server.EncodeAsync(TestModels.Shapes, "a (red:1.5) circle");

        Assert.True(encoded.TokenCount > 3);
    }

    [Fact]
    public async Task EncodeText_ManyAtOnce_GivesTheBitsOfEachAlone()
    {
        string[] texts = [.. Enumerable.Range(0, 24).Select(i => $"{i} red circles above a blue square")];
        var alone = new List<EncodedText>();
        foreach (var text in texts)
            alone.Add(await server.EncodeAsync(TestModels.Sdxl, text));

        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            server.Client.EncodeTextAsync(new EncodeTextRequest { Model = TestModels.Sdxl, Texts = { texts } }).ResponseAsync));

        Assert.All(together, response => Assert.Equal(alone, response.Texts));
    }

    [Fact]
    public async Task EncodeText_NoTower_IsUnimplemented()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => server.EncodeAsync(TestModels.NoTower, Prompt));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
        Assert.Equal("Model 'no-tower' has no text encoder.", error.Status.Detail);
    }

    private static TextOptions Skip(int? clipSkip)
    {
        var options = new TextOptions();
        if (clipSkip is { } skip)
            options.ClipSkip = skip;
        return options;
    }
}
