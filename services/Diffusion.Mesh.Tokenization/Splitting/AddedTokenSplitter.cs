using System.Buffers;

namespace Diffusion.Mesh.Tokenization.Splitting;

/// <summary>Cuts a text at added tokens: the leftmost one first, the longest where several begin at one place.</summary>
internal sealed class AddedTokenSplitter
{
    private readonly AddedToken[] _longestFirst;
    private readonly SearchValues<string> _contents;

    public AddedTokenSplitter(IEnumerable<AddedToken> tokens)
    {
        _longestFirst = [.. tokens.OrderByDescending(token => token.Content.Length)];
        _contents = SearchValues.Create([.. _longestFirst.Select(token => token.Content)], StringComparison.Ordinal);
    }

    public IEnumerable<TextPiece> Split(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var before = text.AsSpan(start).IndexOfAny(_contents);
            if (before < 0)
            {
                yield return new TextPiece(start, text.Length - start, null);
                yield break;
            }

            if (before > 0)
                yield return new TextPiece(start, before, null);
            start += before;
            var token = LongestAt(text, start);
            yield return new TextPiece(start, token.Content.Length, token.Ids);
            start += token.Content.Length;
        }
    }

    private AddedToken LongestAt(string text, int start) =>
        _longestFirst.First(token => text.AsSpan(start).StartsWith(token.Content, StringComparison.Ordinal));
}
