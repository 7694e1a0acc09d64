namespace Diffusion.Mesh.Tokenization.Tests;

/// <summary>
/// Ids of the tokenizers library (0.23.2), which transformers runs, for texts made to be awkward: marks out of order,
/// Hangul letters, letters beyond the BMP, white space of all kinds, special tokens in any case.
/// </summary>
public class ReferenceTests
{
    private static readonly Lazy<TokenCase[]> _cases =
        new(() => TokenCase.Read(Path.Combine(AppContext.BaseDirectory, "Reference", "awkward_texts.json")));

    private static readonly Lazy<ClipTokenizer> _tokenizer = new(() => ClipTokenizer.Load(TokenCase.ShapesFolder));

    public static TheoryData<int> Rows => TokenCase.Rows(_cases.Value);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Tokenize_AwkwardText_EqualsTokenizersLibrary(int row)
    {
        var (text, ids) = _cases.Value[row];

        Assert.Equal(ids, _tokenizer.Value.Tokenize(text));
    }
}
