using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.TextEncoder.Tests;

[Collection(TextEncoderCollection.Name)]
public sealed class EncodeTextErrorTests(TextEncoderServer server)
{
    [Fact]
    public async Task EncodeText_EverythingWrong_NamesEveryField()
    {
        var problems = await ProblemsAsync(new EncodeTextRequest
        {
            Model = TestModels.Sd15,
            Options = new TextOptions { ClipSkip = 1, LongPrompt = (LongPrompt)9 },
        });

        Assert.Equal(["options.clip_skip", "options.long_prompt", "texts"], problems.Select(p => p.Field));
    }

    [Theory]
    [InlineData(TestModels.Sd15, 1)]
    [InlineData(TestModels.Sdxl, 2)]
    [InlineData(TestModels.HiddenStates, 0)]
    public async Task EncodeText_ClipSkipThatCannotBe_NamesIt(string model, int clipSkip)
    {
        var request = new EncodeTextRequest { Model = model, Texts = { "a" }, Options = new TextOptions { ClipSkip = clipSkip } };

        Assert.Equal("options.clip_skip", Assert.Single(await ProblemsAsync(request)).Field);
    }

    [Fact]
    public async Task EncodeText_TooManyTexts_NamesThem()
    {
        var request = new EncodeTextRequest { Model = TestModels.Shapes, Texts = { Enumerable.Repeat("a", 65) } };

        Assert.Equal("texts", Assert.Single(await ProblemsAsync(request)).Field);
    }

    [Fact]
    public async Task EncodeText_TextOverTheLimit_NamesIt()
    {
        var request = new EncodeTextRequest { Model = TestModels.Shapes, Texts = { "a", new string('a', 10_001) } };

        Assert.Equal("texts", Assert.Single(await ProblemsAsync(request)).Field);
    }

    [Fact]
    public async Task EncodeText_TooManyWindows_NamesThem()
    {
        var text = string.Join(' ', Enumerable.Repeat("red", 31));
        var request = new EncodeTextRequest
        {
            Model = TestModels.Shapes,
            Texts = { Enumerable.Repeat(text, 33) },
            Options = new TextOptions { LongPrompt = LongPrompt.Chunk },
        };

        Assert.Contains("66 windows", Assert.Single(await ProblemsAsync(request)).Description);
    }

    private Task<IReadOnlyList<FieldProblem>> ProblemsAsync(EncodeTextRequest request) =>
        TextEncoderServer.ProblemsAsync(server.Client.EncodeTextAsync(request));
}
