using System.Text;

namespace Diffusion.Mesh.Tokenization.Normalization;

/// <summary>The form in which text is split into words: NFC, every run of white space one space, lower case.</summary>
/// <remarks>A lone surrogate becomes U+FFFD. None of the steps needs ICU or looks at a culture.</remarks>
internal static class ClipNormalizer
{
    /// <summary>U+0130, the one letter whose lower case is two code points: i and a dot above.</summary>
    private const int CapitalDottedI = 0x130;

    public static string Normalize(string text)
    {
        var composed = CanonicalComposition.Compose(text);
        var normalized = new StringBuilder(composed.Length);
        var afterSpace = false;
        foreach (var rune in composed.EnumerateRunes())
        {
            var space = Rune.IsWhiteSpace(rune);
            if (!space)
                AppendLower(normalized, rune);
            else if (!afterSpace)
                normalized.Append(' ');
            afterSpace = space;
        }

        return normalized.ToString();
    }

    private static void AppendLower(StringBuilder builder, Rune rune)
    {
        if (rune.Value == CapitalDottedI)
            builder.Append("i\u0307");
        else
            builder.AppendRune(Rune.ToLowerInvariant(rune));
    }
}
