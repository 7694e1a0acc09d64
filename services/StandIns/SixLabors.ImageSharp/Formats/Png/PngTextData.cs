namespace SixLabors.ImageSharp.Formats.Png.Chunks;

/// <summary>One text of a PNG file.</summary>
public readonly struct PngTextData : IEquatable<PngTextData>
{
    /// <param name="keyword">What the text is: 1 to 79 characters of Latin-1.</param>
    /// <param name="value">The text; one that Latin-1 cannot hold is written as UTF-8.</param>
    /// <param name="languageTag">The language of the text, such as <c>en-GB</c>, or empty.</param>
    /// <param name="translatedKeyword">The keyword in that language, or empty.</param>
    public PngTextData(string keyword, string value, string languageTag, string translatedKeyword)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(keyword);
        Keyword = keyword.Trim();
        Value = value;
        LanguageTag = languageTag;
        TranslatedKeyword = translatedKeyword;
    }

    public string Keyword { get; }

    public string Value { get; }

    public string LanguageTag { get; }

    public string TranslatedKeyword { get; }

    public static bool operator ==(PngTextData left, PngTextData right) => left.Equals(right);

    public static bool operator !=(PngTextData left, PngTextData right) => !left.Equals(right);

    public bool Equals(PngTextData other) =>
        (Keyword, Value, LanguageTag, TranslatedKeyword) == (other.Keyword, other.Value, other.LanguageTag, other.TranslatedKeyword);

    public override bool Equals(object? obj) => obj is PngTextData other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Keyword, Value, LanguageTag, TranslatedKeyword);

    public override string ToString() => $"PngTextData [ Name={Keyword}, Value={Value} ]";
}
