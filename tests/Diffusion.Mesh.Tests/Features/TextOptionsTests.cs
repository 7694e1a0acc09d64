using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>How prompts are read, seen in the pictures.</summary>
[Collection(MeshCollection.Name)]
public sealed class TextOptionsTests(MeshFixture mesh)
{
    private const string Long =
        "a large red circle to the left of a small green square above a yellow star below a pink heart to the right of an orange cross on a "
        + "white background, a small blue diamond at the bottom, black background";

    [Fact]
    public async Task Generate_ClipSkip_ChangesThePicture()
    {
        var plain = await ReadAsync(Wishes.Circle, new TextOptions());
        var skipped = await ReadAsync(Wishes.Circle, new TextOptions { ClipSkip = 1 });
        var further = await ReadAsync(Wishes.Circle, new TextOptions { ClipSkip = 2 });

        Assert.Equal(3, new[] { plain, skipped, further }.Select(o => Convert.ToHexString(o.File)).Distinct().Count());
    }

    [Fact]
    public async Task Generate_LongPrompt_IsTruncatedWithAWarningOrChunkedWithout()
    {
        var truncated = await ReadAsync(Long, new TextOptions());
        var chunked = await ReadAsync(Long, new TextOptions { LongPrompt = LongPrompt.Chunk });

        Assert.Contains("left out", Assert.Single(truncated.Done.Warnings), StringComparison.Ordinal);
        Assert.Empty(chunked.Done.Warnings);
        Assert.Equal(truncated.Done.PromptTokens, chunked.Done.PromptTokens);
        Assert.NotEqual(truncated.File, chunked.File);
    }

    [Fact]
    public async Task Generate_ShortPromptInChunks_IsAsItIs() =>
        Assert.Equal(
            (await ReadAsync(Wishes.Circle, new TextOptions())).File,
            (await ReadAsync(Wishes.Circle, new TextOptions { LongPrompt = LongPrompt.Chunk })).File);

    [Fact]
    public async Task Generate_AttentionWeights_AreReadWhenAskedFor()
    {
        const string weighted = "a large (red:1.5) circle on a white background";
        var on = new TextOptions { AttentionWeights = true };
        var plain = await ReadAsync(Wishes.Circle, new TextOptions());
        var off = await ReadAsync(weighted, new TextOptions());
        var read = await ReadAsync(weighted, on);

        Assert.Equal(plain.File, (await ReadAsync(Wishes.Circle, on)).File);
        Assert.Equal(plain.File, (await ReadAsync("a large (red:1.0) circle on a white background", on)).File);
        Assert.Equal(plain.Done.PromptTokens, read.Done.PromptTokens);
        Assert.NotEqual(plain.File, read.File);
        // Without the flag the brackets are text.
        Assert.True(off.Done.PromptTokens > plain.Done.PromptTokens);
        Assert.NotEqual(off.File, read.File);
    }

    private Task<Outcome> ReadAsync(string prompt, TextOptions options) =>
        mesh.Generation.FulfilAsync(Wishes.Of(prompt, steps: 8).With(r => r.TextOptions = options));
}
