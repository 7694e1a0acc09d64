namespace Diffusion.Mesh.Tokenization.BytePairs;

/// <summary>Byte-pair encoding by ids: the tokens of single bytes, and the pairs that merge.</summary>
internal sealed class BytePairModel(int[] byteIds, int[] lastByteIds, Dictionary<(int Left, int Right), Merge> merges)
{
    /// <summary>Marks, in the vocabulary, a token that ends a word.</summary>
    public const string EndOfWord = "</w>";

    /// <summary>The id of a byte inside a word, by the byte's value.</summary>
    public ReadOnlySpan<int> ByteIds => byteIds;

    /// <summary>The id of a byte that ends a word, by the byte's value.</summary>
    public ReadOnlySpan<int> LastByteIds => lastByteIds;

    public bool TryMerge(int left, int right, out Merge merge) => merges.TryGetValue((left, right), out merge);
}
