using Diffusion.Mesh.Testing;
using Diffusion.Mesh.Tokenization;

namespace Diffusion.Mesh.TextEncoder.Tests;

public sealed class PromptTokensTests
{
    private const int Room = 30;

    private static readonly ClipTokenizer _tokenizer =
        ClipTokenizer.Load(Path.Combine(TestFolders.Repository, "models", "shapes", "tokenizer"));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(Room, 1)]
    [InlineData(Room + 1, 2)]
    [InlineData(2 * Room, 2)]
    [InlineData(5 * Room - 1, 5)]
    public void Read_Chunk_FillsAsManyWindowsAsNeeded(int words, int windows)
    {
        var tokens = Read(string.Join(' ', Enumerable.Repeat("red", words)), chunk: true);

        Assert.Equal(words, tokens.TokenCount);
        Assert.False(tokens.Truncated);
        Assert.Equal(windows, tokens.Windows.Count);
        Assert.All(tokens.Windows, w => Assert.Equal((_tokenizer.WindowLength, _tokenizer.BosId), (w.Ids.Count, w.Ids[0])));
        var red = Assert.Single(_tokenizer.Tokenize("red"));
        Assert.Equal(words, tokens.Windows.Sum(w => w.Ids.Count(id => id == red)));
        Assert.Equal(_tokenizer.EosId, tokens.Windows[^1].Ids[words - (windows - 1) * Room + 1]);
    }

    [Fact]
    public void Read_LongTextWithoutChunk_IsOneTruncatedWindow()
    {
        var text = string.Join(' ', Enumerable.Repeat("red", Room + 1));
        var tokens = Read(text, chunk: false);

        Assert.True(tokens.Truncated);
        Assert.Equal(Room + 1, tokens.TokenCount);
        Assert.Equal(_tokenizer.Encode(text).Ids, Assert.Single(tokens.Windows).Ids);
    }

    [Fact]
    public void Read_PlainText_HasNoWeights() => Assert.Null(Assert.Single(Read("a red circle", chunk: true).Windows).Weights);

    [Fact]
    public void Read_WeightsAcrossWindows_StayWithTheirTokens()
    {
        WeightedText[] pieces = [new(string.Join(' ', Enumerable.Repeat("red", Room - 1)), 1), new("blue blue", 1.5)];
        var windows = PromptTokens.Read(_tokenizer, pieces, chunk: true).Windows;

        Assert.Equal(2, windows.Count);
        Assert.Equal([.. Enumerable.Repeat(1f, Room), 1.5f, 1f], windows[0].Weights);
        Assert.Equal([1f, 1.5f, .. Enumerable.Repeat(1f, Room)], windows[1].Weights);
        Assert.Equal(windows[0].Ids[Room], windows[1].Ids[1]);
    }

    [Fact]
    public void PadTo_MoreWindows_AddsEmptyOnes()
    {
        var tokens = Read("red", chunk: true).PadTo(3, _tokenizer);

        Assert.Equal(3, tokens.Windows.Count);
        Assert.Equal(_tokenizer.Encode("").Ids, tokens.Windows[2].Ids);
    }

    private static PromptTokens Read(string text, bool chunk) => PromptTokens.Read(_tokenizer, [new WeightedText(text, 1)], chunk);
}
