using System.Text;

namespace Diffusion.Mesh.Tokenization.BytePairs;

/// <summary>The token ids of a word, remembered for words that come again.</summary>
internal sealed class WordEncoder(BytePairModel model)
{
    private readonly WordCache _cache = new();

    /// <summary>The ids of a word of at least one character. They are shared: not to be written to.</summary>
    public int[] Encode(ReadOnlySpan<char> word)
    {
        if (_cache.TryGet(word, out var known))
            return known;

        var ids = SymbolMerger.Merge(model, Symbols(word));
        _cache.Add(word, ids);
        return ids;
    }

    private int[] Symbols(ReadOnlySpan<char> word)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        var symbols = new int[bytes.Length];
        for (var index = 0; index < bytes.Length; index++)
            symbols[index] = model.ByteIds[bytes[index]];
        symbols[^1] = model.LastByteIds[bytes[^1]];
        return symbols;
    }
}
