using System.Runtime.InteropServices;
using System.Text;

namespace Diffusion.Mesh.Tokenization.Normalization;

/// <summary>Normalization form C (Unicode Standard Annex #15): decompose, sort marks by class, compose.</summary>
internal static class CanonicalComposition
{
    /// <summary>The first character that can change under NFC, or change with what stands before it.</summary>
    private const char FirstAffected = '\u0300';

    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstAffected, char.MaxValue))
            return text;

        var data = CanonicalData.Shared;
        var characters = new List<Character>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, data, characters);
        SortMarks(CollectionsMarshal.AsSpan(characters));
        return ComposePairs(characters, data);
    }

    private static void Decompose(int point, CanonicalData data, List<Character> characters)
    {
        if (data.Decompose(point) is not var (first, second))
        {
            characters.Add(new Character(data.ClassOf(point), characters.Count, point));
            return;
        }

        Decompose(first, data, characters);
        if (second is { } last)
            Decompose(last, data, characters);
    }

    /// <summary>Sorts each run of marks; those of one class keep their order.</summary>
    private static void SortMarks(Span<Character> characters)
    {
        var start = 0;
        while (start < characters.Length)
        {
            var end = start;
            while (end < characters.Length && characters[end].Class != 0)
                end++;
            characters[start..end].Sort();
            start = end + 1;
        }
    }

    /// <summary>Joins each character with the last starter, unless one of no lower class stands between them.</summary>
    private static string ComposePairs(List<Character> characters, CanonicalData data)
    {
        var points = new List<int>(characters.Count);
        int? starter = null;
        var lastClass = -1;
        foreach (var character in characters)
        {
            if (starter is { } index
                && lastClass < character.Class
                && data.Compose(points[index], character.Point) is { } composite)
            {
                points[index] = composite;
                continue;
            }

            lastClass = character.Class;
            if (character.Class == 0)
            {
                starter = points.Count;
                lastClass = -1;
            }

            points.Add(character.Point);
        }

        var composed = new StringBuilder(points.Count);
        foreach (var point in points)
            composed.AppendRune(new Rune(point));
        return composed.ToString();
    }

    private readonly record struct Character(byte Class, int Index, int Point) : IComparable<Character>
    {
        public int CompareTo(Character other) =>
            Class == other.Class ? Index.CompareTo(other.Index) : Class.CompareTo(other.Class);
    }
}
