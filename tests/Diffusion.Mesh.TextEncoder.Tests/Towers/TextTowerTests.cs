using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.TextEncoder.Tests;

public sealed class TextTowerTests : IDisposable
{
    private const int Vocabulary = 630;
    private const int Width = 16;

    private readonly TestModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public void FitFinalLayerNorm_RealTower_TurnsTheLastHiddenStateIntoTheOutput()
    {
        using var parts = _models.Load(TestModels.HiddenStates);
        var tower = Assert.Single(parts.Towers);
        var last = tower.Model.HiddenStates - 1;
        var norm = tower.Choose(1, out _)!.Norm!;

        foreach (var text in new[] { "", "a large red circle on a white background", "xyz 123" })
        {
            int[][] windows = [[.. tower.Tokenizer.Encode(text).Ids]];
            var expected = tower.Model.Encode(windows)[0].Hidden.ToFloats();
            var actual = norm.Apply(tower.Model.Encode(windows, last)[0].Hidden).ToFloats();

            Wire.AssertClose(expected, actual, 1e-5f * expected.Max(MathF.Abs));
        }
    }

    [Theory]
    [InlineData(TestModels.HiddenStates, null, null, false)]
    [InlineData(TestModels.HiddenStates, 1, 1, true)]
    [InlineData(TestModels.HiddenStates, 2, 0, true)]
    [InlineData(TestModels.Sdxl, null, 1, false)]
    [InlineData(TestModels.Sdxl, 1, 0, false)]
    public void Choose_ClipSkip_CountsFromTheEnd(string model, int? clipSkip, int? state, bool isNormed)
    {
        using var parts = _models.Load(model);

        foreach (var tower in parts.Towers)
        {
            var choice = tower.Choose(clipSkip, out var problem);
            Assert.Null(problem);
            Assert.Equal((state, isNormed), (choice!.State, choice.Norm is not null));
        }
    }

    [Theory]
    [InlineData(TestModels.Sd15, 1, "gives no hidden states")]
    [InlineData(TestModels.HiddenStates, 3, "at most 2")]
    [InlineData(TestModels.Sdxl, 2, "at most 1")]
    [InlineData(TestModels.Sdxl, int.MaxValue, "at most 1")]
    [InlineData(TestModels.Sdxl, 0, "at least 1")]
    [InlineData(TestModels.HiddenStates, int.MinValue, "at least 1")]
    public void Choose_ClipSkipThatCannotBe_SaysWhy(string model, int clipSkip, string reason)
    {
        using var parts = _models.Load(model);

        Assert.Null(parts.Towers[0].Choose(clipSkip, out var problem));
        Assert.Contains(reason, problem);
    }

    [Fact]
    public void Choose_HiddenStatesAfterTheNorm_SaysSo()
    {
        var (table, other) = (Table(1), Table(2));
        using var parts = LoadLookup(new LookupTower { Window = 32 }
            .Output("last_hidden_state", table, Width).Output("hidden_states.0", other, Width).Output("hidden_states.1", other, Width));

        Assert.NotNull(parts.Towers[0].Choose(null, out _));
        Assert.Null(parts.Towers[0].Choose(1, out var problem));
        Assert.Contains("not those before its final layer norm", problem);
    }

    [Theory]
    [InlineData(6, null, false)]
    [InlineData(6, 1, true)]
    [InlineData(7, 1, false)]
    public void Encode_FileOfAnotherKind_IsFollowed(int idType, int? rows, bool isHalf)
    {
        var table = Table(3);
        using var parts = LoadLookup(new LookupTower { Window = 32, IdType = idType, Rows = rows, IsHalf = isHalf }
            .Output("last_hidden_state", table, Width));
        var windows = Enumerable.Range(0, 3).Select(i => Enumerable.Range(i, 32).ToArray()).ToArray();

        var embeddings = parts.Towers[0].Model.Encode(windows);

        for (var i = 0; i < windows.Length; i++)
        {
            Assert.Equal(isHalf ? ElementType.Float16 : ElementType.Float32, embeddings[i].Hidden.Type);
            Wire.AssertClose(table.AsSpan(i * Width, 32 * Width), embeddings[i].Hidden.ToFloats(), 1e-3f);
        }
    }

    [Fact]
    public void Load_WindowThatTheFileDoesNotTake_IsAModelError()
    {
        var error = Assert.Throws<ModelFormatException>(() => LoadLookup(
            new LookupTower { Window = 16 }.Output("last_hidden_state", Table(4), Width)));

        Assert.Equal("tokenizer", error.Part);
    }

    private EncoderParts LoadLookup(LookupTower tower)
    {
        var folder = _models.Link("lookup", GoldenFolder.Pipeline(TestModels.Sd15), "text_encoder");
        tower.Write(Path.Combine(folder, "text_encoder"));
        File.Copy(
            Path.Combine(GoldenFolder.Pipeline(TestModels.Sd15), "text_encoder", "config.json"), Path.Combine(folder, "text_encoder", "config.json"));
        return _models.Load("lookup");
    }

    private static float[] Table(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Vocabulary * Width).Select(_ => random.NextSingle() - 0.5f)];
    }
}
