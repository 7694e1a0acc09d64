using System.Text;

namespace Diffusion.Mesh.Tokenization.Splitting;

/// <summary>
/// The words of a normalized text, by CLIP's pattern
/// <c>&lt;\|startoftext\|&gt;|&lt;\|endoftext\|&gt;|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+</c>.
/// </summary>
/// <remarks>
/// Written out instead of given to <c>Regex</c>, whose classes see UTF-16 units and so no letter beyond the BMP.
/// A second pattern, that of byte-level BPE, cuts the two literals again into brackets and letters and leaves all other
/// words whole. All that remains of a literal is therefore that a run of signs ends with it.
/// </remarks>
internal ref struct WordSplitter(ReadOnlySpan<char> text)
{
    private static readonly string[] _literals = ["<|startoftext|>", "<|endoftext|>"];
    private static readonly string[] _contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private readonly ReadOnlySpan<char> _text = text;
    private int _start;
    private int _end;
    private int _literalEnd;

    public readonly ReadOnlySpan<char> Current => _text[_start.._end];

    public readonly WordSplitter GetEnumerator() => this;

    public bool MoveNext()
    {
        _start = _end + RunLength(_text[_end..], CharacterClass.Space);
        if (_start == _text.Length)
            return false;

        if (_start >= _literalEnd)
            _literalEnd = _start + PrefixLength(_text[_start..], _literals);
        _end = _start + WordLength(_start < _literalEnd ? _text[_start.._literalEnd] : _text[_start..]);
        return true;
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        var contraction = PrefixLength(text, _contractions);
        if (contraction > 0)
            return contraction;

        Rune.DecodeFromUtf16(text, out var first, out var firstLength);
        var kind = CharacterClasses.Of(first);
        return kind == CharacterClass.Number ? firstLength : RunLength(text, kind);
    }

    private static int PrefixLength(ReadOnlySpan<char> text, string[] prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
                return prefix.Length;
        }

        return 0;
    }

    private static int RunLength(ReadOnlySpan<char> text, CharacterClass kind)
    {
        var length = 0;
        while (length < text.Length)
        {
            Rune.DecodeFromUtf16(text[length..], out var rune, out var runeLength);
            if (CharacterClasses.Of(rune) != kind)
                break;
            length += runeLength;
        }

        return length;
    }
}
