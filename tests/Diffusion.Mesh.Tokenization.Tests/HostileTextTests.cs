using System.Diagnostics;

namespace Diffusion.Mesh.Tokenization.Tests;

public class HostileTextTests
{
    /// <summary>Far above what linear work takes for these texts, far below what quadratic work would.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private const int Length = 400_000;

    private static readonly ClipTokenizer _tokenizer = ClipTokenizer.Load(TokenCase.ShapesFolder);

    /// <summary>By name, for rows that hold a text itself do not keep lone surrogates.</summary>
    private static readonly Dictionary<string, string> _longTexts = new()
    {
        ["one letter"] = new('a', Length),
        ["one word"] = string.Concat(Enumerable.Range(0, Length).Select(index => (char)('a' + index * 7919 % 26))),
        ["signs"] = new('<', Length),
        ["apostrophes"] = new('\'', Length),
        ["marks out of order"] = new string('\u0301', Length / 2) + new string('\u0316', Length / 2),
        ["special tokens"] = string.Concat(Enumerable.Repeat("<|endoftext|>", Length / 13)),
        ["special tokens begun"] = string.Concat(Enumerable.Repeat("<|endoftext|", Length / 12)),
        ["spaces"] = new(' ', Length),
        ["surrogates out of order"] = string.Concat(Enumerable.Repeat("\ude00\ud83d", Length / 2)),
        ["many words"] = string.Concat(Enumerable.Range(0, Length / 8).Select(index => $" w{index:x}q")),
    };

    public static TheoryData<string> LongTexts => [.. _longTexts.Keys];

    [Theory]
    [MemberData(nameof(LongTexts))]
    public void Encode_LongText_TakesLinearTime(string kind)
    {
        var watch = Stopwatch.StartNew();

        var window = _tokenizer.Encode(_longTexts[kind]);

        Assert.Equal(32, window.Ids.Length);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, _patience);
    }

    [Fact]
    public void Tokenize_LoneSurrogate_IsTheReplacementCharacter()
    {
        (string Text, string Replaced)[] cases =
        [
            ("\ud83d", "\ufffd"),
            ("\ude00", "\ufffd"),
            ("a\ud83db", "a\ufffdb"),
            ("\ude00\ud83d!", "\ufffd\ufffd!"),
            ("\ud83d<|endoftext|>\ude00", "\ufffd<|endoftext|>\ufffd"),
        ];

        Assert.All(cases, each => Assert.Equal(_tokenizer.Tokenize(each.Replaced), _tokenizer.Tokenize(each.Text)));
    }

    [Fact]
    public void Tokenize_AnyUnit_GivesIdsOfTheVocabulary()
    {
        for (var unit = 0; unit <= char.MaxValue; unit++)
        {
            var ids = _tokenizer.Tokenize($"x{(char)unit}\u0301 {(char)unit}");
            Assert.All(ids, id => Assert.InRange(id, 0, _tokenizer.VocabularySize - 1));
        }
    }

    [Fact]
    public async Task Tokenize_ManyThreads_GivesEachTheSameIds()
    {
        var tokenizer = ClipTokenizer.Load(TokenCase.ShapesFolder);
        var texts = Enumerable.Range(0, 2000).Select(index => $"a {index:x} photo {index % 7} of cafe\u0301s").ToArray();
        var expected = texts.Select(_tokenizer.Tokenize).ToArray();

        var results = await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => Task.Run(() => texts.Select(tokenizer.Tokenize).ToArray())));

        Assert.All(results, result => Assert.Equal(expected, result));
    }
}
