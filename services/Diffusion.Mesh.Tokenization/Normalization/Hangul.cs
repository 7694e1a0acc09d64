namespace Diffusion.Mesh.Tokenization.Normalization;

/// <summary>Hangul syllables, whose mappings are arithmetic (The Unicode Standard, section 3.12).</summary>
internal static class Hangul
{
    private const int LeadingBase = 0x1100, VowelBase = 0x1161, TrailingBase = 0x11A7, SyllableBase = 0xAC00;
    private const int LeadingCount = 19, VowelCount = 21, TrailingCount = 28;
    private const int SyllableCount = LeadingCount * VowelCount * TrailingCount;

    /// <summary>The pair that a syllable stands for: a shorter syllable and its last letter, or its two letters.</summary>
    public static (int First, int? Second)? Decompose(int point)
    {
        var index = point - SyllableBase;
        if (index is < 0 or >= SyllableCount)
            return null;

        var trailing = index % TrailingCount;
        return trailing > 0
            ? (point - trailing, TrailingBase + trailing)
            : (LeadingBase + index / TrailingCount / VowelCount, VowelBase + index / TrailingCount % VowelCount);
    }

    public static int? Compose(int first, int second)
    {
        if (first is >= LeadingBase and < LeadingBase + LeadingCount && second is >= VowelBase and < VowelBase + VowelCount)
            return SyllableBase + ((first - LeadingBase) * VowelCount + second - VowelBase) * TrailingCount;

        var syllable = first - SyllableBase;
        return syllable is >= 0 and < SyllableCount
            && syllable % TrailingCount == 0
            && second is > TrailingBase and < TrailingBase + TrailingCount
                ? first + second - TrailingBase
                : null;
    }
}
