using Diffusion.Mesh.Tokenization.BytePairs;

namespace Diffusion.Mesh.Tokenization.Tests;

public class BytePairTests
{
    private const int A = 0, B = 1, C = 2, AB = 3, BC = 4, ABC = 5;

    [Theory]
    [InlineData(new[] { A }, new[] { A })]
    [InlineData(new[] { A, B }, new[] { AB })]
    [InlineData(new[] { B, A }, new[] { B, A })]
    [InlineData(new[] { A, B, C }, new[] { ABC })]
    [InlineData(new[] { A, A, B, C, C }, new[] { A, ABC, C })]
    [InlineData(new[] { A, B, A, B, C }, new[] { AB, ABC })]
    public void Merge_Symbols_TakesLowestRankThenLeftmost(int[] symbols, int[] expected)
    {
        var model = Model(((B, C), new Merge(1, BC)), ((A, B), new Merge(2, AB)), ((A, BC), new Merge(3, ABC)));

        Assert.Equal(expected, SymbolMerger.Merge(model, symbols));
    }

    [Fact]
    public void Merge_PairThatOverlapsItself_GoesFromTheLeft()
    {
        Assert.Equal([AB, AB, A], SymbolMerger.Merge(Model(((A, A), new Merge(1, AB))), [A, A, A, A, A]));
    }

    [Fact]
    public void Create_Alphabet_HasACharacterForEachByte()
    {
        var alphabet = ByteAlphabet.Create();

        Assert.Equal(256, alphabet.Distinct().Count());
        Assert.Equal(('a', '\u0120', '\u010a'), (alphabet['a'], alphabet[' '], alphabet['\n']));
        Assert.Equal(('\u0143', '\u00ff'), (alphabet[0xad], alphabet[0xff]));
    }

    [Fact]
    public void Add_MoreWordsThanFit_StaysBounded()
    {
        var cache = new WordCache();

        for (var word = 0; word < WordCache.Capacity + 100; word++)
            cache.Add($"w{word}", [word]);

        Assert.InRange(cache.Count, 1, WordCache.Capacity);
        Assert.True(cache.TryGet($"w{WordCache.Capacity + 99}", out var ids));
        Assert.Equal([WordCache.Capacity + 99], ids);
    }

    [Fact]
    public void Add_LongWord_IsNotHeld()
    {
        var cache = new WordCache();

        cache.Add(new string('a', WordCache.LongestWord + 1), [1]);

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Tokenize_ByteNotInVocabulary_IsTheUnknownToken()
    {
        using var folder = new TemporaryTokenizer()
            .WithText("merges.txt", "a b</w>\n")
            .WithText("vocab.json", """{"a": 0, "b</w>": 1, "ab</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4}""");

        Assert.Equal([2, 4, 0, 4, 4], folder.Load().Tokenize("ab xaxy"));
    }

    private static BytePairModel Model(params ((int Left, int Right) Pair, Merge Merge)[] merges) =>
        new([], [], merges.ToDictionary(merge => merge.Pair, merge => merge.Merge));
}
