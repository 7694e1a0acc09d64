using System.Collections.Immutable;
using Diffusion.Mesh.Tokenization.BytePairs;
using Diffusion.Mesh.Tokenization.Splitting;

namespace Diffusion.Mesh.Tokenization.Files;

/// <summary>A tokenizer folder's tokens, by ids.</summary>
internal sealed record TokenizerModel(
    BytePairModel BytePairs,
    ImmutableArray<AddedToken> AddedTokens,
    int BosId,
    int EosId,
    int PadId,
    int VocabularySize)
{
    public static TokenizerModel Read(string folder, TokenizerConfiguration configuration)
    {
        var path = Path.Combine(folder, VocabularyFile.Name);
        var vocabulary = VocabularyFile.Read(path);
        var merges = MergesFile.Read(Path.Combine(folder, MergesFile.Name), vocabulary);

        // Listed tokens that the vocabulary lacks get the ids that follow; merges may not name them.
        foreach (var token in configuration.Listed ?? [])
            vocabulary.TryAdd(token.Content, vocabulary.Count);

        var listed = (configuration.Listed ?? []).Select(token => token.Content).ToHashSet(StringComparer.Ordinal);

        int Id(SpecialToken token) => vocabulary.TryGetValue(token.Content, out var id)
            ? id
            : throw new TokenizerFormatException(path, $"the special token '{token.Content}' is not in the vocabulary");

        // A learned concept of several vectors has tokens NAME, NAME_1, NAME_2, ...; its name stands for all of them, as in diffusers' pipelines.
        int[] Ids(SpecialToken token) =>
        [
            Id(token),
            .. Enumerable.Range(1, listed.Count).Select(n => $"{token.Content}_{n}").TakeWhile(listed.Contains).Select(name => vocabulary[name]),
        ];

        SpecialToken[] named = [configuration.Begin, configuration.End, configuration.Unknown, configuration.Pad];
        return new TokenizerModel(
            new BytePairModel(ByteIds(vocabulary, "", Id(configuration.Unknown)),
                ByteIds(vocabulary, BytePairModel.EndOfWord, Id(configuration.Unknown)),
                merges),
            // Of equal ones the last counts, as in transformers.
            [.. (configuration.Listed ?? []).Concat(named)
                .Reverse()
                .DistinctBy(token => token.Content)
                .Select(token => new AddedToken(token.Content, Ids(token), token.Normalized))],
            Id(configuration.Begin),
            Id(configuration.End),
            Id(configuration.Pad),
            vocabulary.Count);
    }

    private static int[] ByteIds(Dictionary<string, int> vocabulary, string suffix, int unknownId) =>
        [.. ByteAlphabet.Create().Select(character => vocabulary.GetValueOrDefault(character + suffix, unknownId))];
}
