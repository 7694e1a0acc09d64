using System.Runtime.InteropServices;
using Diffusion.Mesh.Tokenization.BytePairs;
using Diffusion.Mesh.Tokenization.Files;
using Diffusion.Mesh.Tokenization.Normalization;
using Diffusion.Mesh.Tokenization.Splitting;

namespace Diffusion.Mesh.Tokenization;

/// <summary>
/// CLIP's byte-level BPE tokenizer; its ids equal those of transformers' <c>CLIPTokenizer</c>. Safe for concurrent use.
/// </summary>
public sealed class ClipTokenizer
{
    private readonly AddedTokenSplitter _rawTokens;
    private readonly AddedTokenSplitter _normalizedTokens;
    private readonly WordEncoder _words;

    internal ClipTokenizer(TokenizerModel model, int windowLength)
    {
        WindowLength = windowLength;
        BosId = model.BosId;
        EosId = model.EosId;
        PadId = model.PadId;
        VocabularySize = model.VocabularySize;
        _rawTokens = new AddedTokenSplitter(model.AddedTokens.Where(token => !token.Normalized));
        _normalizedTokens = new AddedTokenSplitter(model.AddedTokens
            .Where(token => token.Normalized)
            .Select(token => token with { Content = ClipNormalizer.Normalize(token.Content) }));
        _words = new WordEncoder(model.BytePairs);
    }

    /// <summary>The number of ids in a window, begin and end token included.</summary>
    public int WindowLength { get; }

    /// <summary>The id of the token that begins every window.</summary>
    public int BosId { get; }

    /// <summary>The id of the token that ends the text in every window.</summary>
    public int EosId { get; }

    /// <summary>The id that fills a window after the end token; often the end token's own.</summary>
    public int PadId { get; }

    /// <summary>The number of different tokens, added ones included.</summary>
    public int VocabularySize { get; }

    /// <summary>
    /// Reads <c>vocab.json</c> and <c>merges.txt</c>, and if present <c>tokenizer_config.json</c> and
    /// <c>special_tokens_map.json</c>, from a model's tokenizer folder.
    /// </summary>
    /// <param name="folder">The folder that holds the files.</param>
    /// <param name="windowLength">The window's length for a folder that does not tell it (in
    /// <c>model_max_length</c>): usually the text encoder's number of positions. At least 2.</param>
    /// <exception cref="TokenizerFormatException">A file is missing or broken, or no window length is known.</exception>
    public static ClipTokenizer Load(string folder, int? windowLength = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (windowLength is { } length)
            ArgumentOutOfRangeException.ThrowIfLessThan(length, TokenizerConfiguration.ShortestWindow, nameof(windowLength));

        var configuration = TokenizerConfiguration.Read(folder);
        return new ClipTokenizer(
            TokenizerModel.Read(folder, configuration),
            configuration.WindowLength ?? windowLength ?? throw configuration.NoWindowLength());
    }

    /// <summary>The text as one window: cut to fit or padded, as <c>padding="max_length", truncation=True</c> does.</summary>
    public Tokenization Encode(string text) => Window(CollectionsMarshal.AsSpan(TokenizeToList(text)));

    /// <summary>The ids of the whole text, without begin, end and padding.</summary>
    public IReadOnlyList<int> Tokenize(string text) => TokenizeToList(text);

    /// <summary>One window around the given ids, cut to fit or padded.</summary>
    public Tokenization Window(ReadOnlySpan<int> ids)
    {
        var kept = ids[..Math.Min(ids.Length, WindowLength - 2)];
        var window = new int[WindowLength];
        window[0] = BosId;
        kept.CopyTo(window.AsSpan(1));
        window[kept.Length + 1] = EosId;
        window.AsSpan(kept.Length + 2).Fill(PadId);
        return new Tokenization(ImmutableCollectionsMarshal.AsImmutableArray(window), ids.Length, ids.Length > kept.Length);
    }

    /// <summary>
    /// Added tokens are taken out of the raw text first, so that no normalization reaches across them; then those
    /// that match normalized text; what is left is split into words.
    /// </summary>
    private List<int> TokenizeToList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        foreach (var raw in _rawTokens.Split(text))
        {
            if (raw.TokenIds is { } rawIds)
            {
                ids.AddRange(rawIds);
                continue;
            }

            var normalized = ClipNormalizer.Normalize(text.Substring(raw.Start, raw.Length));
            foreach (var piece in _normalizedTokens.Split(normalized))
            {
                if (piece.TokenIds is { } pieceIds)
                    ids.AddRange(pieceIds);
                else
                    AddWords(normalized.AsSpan(piece.Start, piece.Length), ids);
            }
        }

        return ids;
    }

    private void AddWords(ReadOnlySpan<char> normalized, List<int> ids)
    {
        foreach (var word in new WordSplitter(normalized))
            ids.AddRange(_words.Encode(word));
    }
}
