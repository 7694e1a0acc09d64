using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Diffusion.Mesh.Tokenization.BytePairs;

/// <summary>Words and their ids, for any number of threads. It holds few and short words, so its memory is bounded.</summary>
/// <remarks>A full cache starts anew: cheaper than to keep account of use, and prompts soon fill it again.</remarks>
internal sealed class WordCache
{
    /// <summary>The most words held; threads that add at the same moment may each exceed it by one.</summary>
    public const int Capacity = 8192;

    /// <summary>The longest word held, in characters. Longer ones are not ordinary words.</summary>
    public const int LongestWord = 48;

    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The number of words held now.</summary>
    public int Count => _words.Count;

    public bool TryGet(ReadOnlySpan<char> word, [NotNullWhen(true)] out int[]? ids) =>
        _words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out ids);

    public void Add(ReadOnlySpan<char> word, int[] ids)
    {
        if (word.Length > LongestWord)
            return;

        if (Interlocked.Increment(ref _count) > Capacity)
        {
            _words.Clear();
            Interlocked.Exchange(ref _count, 1);
        }

        _words.TryAdd(word.ToString(), ids);
    }
}
