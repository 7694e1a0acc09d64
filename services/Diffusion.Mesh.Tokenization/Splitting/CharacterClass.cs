using System.Globalization;
using System.Text;

namespace Diffusion.Mesh.Tokenization.Splitting;

/// <summary>What CLIP's pattern tells apart: <c>\s</c>, <c>\p{L}</c>, <c>\p{N}</c> and the rest (marks, signs, emoji).</summary>
internal enum CharacterClass
{
    Space,
    Letter,
    Number,
    Other,
}

internal static class CharacterClasses
{
    public static CharacterClass Of(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune))
            return CharacterClass.Space;

        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => CharacterClass.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
                => CharacterClass.Number,
            _ => CharacterClass.Other,
        };
    }
}
