using System.Globalization;
using System.Text;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>
/// Reads attention weights: <c>(word:1.3)</c> is 1.3, <c>(word)</c> is 1.1 and <c>[word]</c> is 1 / 1.1; nested weights multiply, and <c>\(</c> is a
/// parenthesis (the form of AUTOMATIC1111's web interface). Every text is valid: brackets without a partner, and those that would take a weight
/// out of 0 to 10, are text.
/// </summary>
internal static class AttentionParser
{
    private const double Step = 1.1;
    private const double MaxWeight = 10;

    /// <summary>The pieces in order; neighbours differ in weight, and none is empty. No piece for an empty text.</summary>
    public static IReadOnlyList<WeightedText> Parse(string text)
    {
        var pieces = new Pieces();
        var partners = BracketPairs.Find(text);
        var groups = new Stack<Group>([new Group(1, End: -1)]);
        for (var i = 0; i < text.Length; i++)
        {
            var group = groups.Peek();
            if (i == group.End)
            {
                // From here to the closing bracket stands the weight.
                i = group.Close;
                groups.Pop();
            }
            else if (BracketPairs.IsEscape(text, i))
            {
                pieces.Add(text[++i], group.Weight);
            }
            else if (partners[i] > i && Open(text, i, partners[i], group.Weight) is { } inner)
            {
                groups.Push(inner);
            }
            else
            {
                // The partner of an opening bracket that stays text stays text as well: no group ends there.
                pieces.Add(text[i], group.Weight);
            }
        }

        return pieces.ToList();
    }

    /// <summary>The group between two brackets; null where its weight is out of range.</summary>
    private static Group? Open(string text, int open, int close, double outer)
    {
        var (own, end) = (1 / Step, close);
        if (text[open] == '(')
            (own, end) = Explicit(text, open, close) ?? (Step, close);
        var weight = outer * own;
        return weight is >= 0 and <= MaxWeight && own is >= 0 and <= MaxWeight ? new Group(weight, end, close) : null;
    }

    /// <summary>The number after the last colon, and where the colon stands; null where there is none.</summary>
    private static (double Weight, int Colon)? Explicit(string text, int open, int close)
    {
        var start = close;
        while (start - 1 > open && (char.IsAsciiDigit(text[start - 1]) || text[start - 1] is '.' or '+' or '-' or 'e' or 'E' or ' '))
            start--;
        return text[start - 1] == ':' && start - 1 > open
            && double.TryParse(text.AsSpan(start, close - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
            ? (weight, start - 1)
            : null;
    }

    /// <param name="Weight">Of the text in it.</param>
    /// <param name="End">Where its text ends: its closing bracket, or the colon before its weight.</param>
    /// <param name="Close">Its closing bracket.</param>
    private readonly record struct Group(double Weight, int End, int Close = -1);

    private sealed class Pieces
    {
        private readonly List<WeightedText> _pieces = [];
        private readonly StringBuilder _text = new();
        private double _weight = 1;

        public void Add(char character, double weight)
        {
            if (weight != _weight)
                Flush();
            _weight = weight;
            _text.Append(character);
        }

        public IReadOnlyList<WeightedText> ToList()
        {
            Flush();
            return _pieces;
        }

        private void Flush()
        {
            if (_text.Length > 0)
                _pieces.Add(new WeightedText(_text.ToString(), _weight));
            _text.Clear();
        }
    }
}
