using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Tokenization.Tests;

/// <summary>Windows of transformers' CLIPTokenizer.</summary>
public class GoldenTests
{
    private static readonly Lazy<TokenCase[]> _shapes = new(() => TokenCase.Read(Path.Combine(TestFolders.Goldens, "shapes_tokens.json")));
    private static readonly Lazy<ClipTokenizer> _tokenizer = new(() => ClipTokenizer.Load(TokenCase.ShapesFolder));

    public static TheoryData<int> ShapesRows => TokenCase.Rows(_shapes.Value);

    [Theory]
    [Trait("Category", "Goldens")]
    [MemberData(nameof(ShapesRows))]
    public void Encode_DefaultModelsTokenizer_EqualsTransformers(int row)
    {
        var (text, ids) = _shapes.Value[row];

        Assert.Equal<int>(ids, _tokenizer.Value.Encode(text).Ids);
    }

    [SharedFact]
    [Trait("Category", "Shared")]
    public void Encode_ClipVocabulary_EqualsTransformers()
    {
        var tokenizer = ClipTokenizer.Load(Path.Combine(TestFolders.Shared, "goldens", "clip-tokenizer"));
        var cases = TokenCase.Read(Path.Combine(TestFolders.Goldens, "clip_tokens.json"));

        Assert.Equal(49408, tokenizer.VocabularySize);
        Assert.NotEmpty(cases);
        Assert.All(cases, each => Assert.Equal<int>(each.Ids, tokenizer.Encode(each.Text).Ids));
    }
}
