namespace Diffusion.Mesh.Tokenization.Tests;

public class WindowTests
{
    private const int Begin = 628;
    private const int End = 629;

    private static readonly ClipTokenizer _tokenizer = ClipTokenizer.Load(TokenCase.ShapesFolder);

    [Fact]
    public void Load_DefaultModel_TellsItsProperties()
    {
        Assert.Equal(32, _tokenizer.WindowLength);
        Assert.Equal((Begin, End, End), (_tokenizer.BosId, _tokenizer.EosId, _tokenizer.PadId));
        Assert.Equal(630, _tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n\u3000")]
    public void Encode_NothingToRead_IsBeginAndPadding(string text)
    {
        var window = _tokenizer.Encode(text);

        Assert.Equal<int>([Begin, .. Enumerable.Repeat(End, 31)], window.Ids);
        Assert.Equal((0, false), (window.TokenCount, window.Truncated));
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, false)]
    [InlineData(31, true)]
    [InlineData(1000, true)]
    public void Encode_ManyTokens_KeepsWhatFits(int count, bool truncated)
    {
        var window = _tokenizer.Encode(new string('1', count));

        Assert.Equal(32, window.Ids.Length);
        Assert.Equal((count, truncated), (window.TokenCount, window.Truncated));
        Assert.Equal(Math.Min(count, 30), window.Ids.Count(id => id is not Begin and not End));
        Assert.Equal(End, window.Ids[^1]);
    }

    [Fact]
    public void Window_OfTokenizedText_EqualsEncode()
    {
        const string text = "a red circle above a blue square";

        var window = _tokenizer.Window([.. _tokenizer.Tokenize(text)]);

        Assert.Equal<int>(_tokenizer.Encode(text).Ids, window.Ids);
    }

    [Fact]
    public void Tokenize_LongText_IsNotCut()
    {
        Assert.Equal(500, _tokenizer.Tokenize(new string('1', 500)).Count);
    }

    [Fact]
    public void Window_ShortestLength_HoldsBeginAndEndAlone()
    {
        using var folder = new TemporaryTokenizer();

        var window = folder.Load(windowLength: 2).Window([1, 2, 3]);

        Assert.Equal<int>([Begin, End], window.Ids);
        Assert.Equal((3, true), (window.TokenCount, window.Truncated));
    }

    [Fact]
    public void Load_LengthInTheFolder_GoesBeforeTheGivenOne()
    {
        using var folder = new TemporaryTokenizer().With(TemporaryTokenizer.Configuration, new { model_max_length = 77 });

        Assert.Equal(77, folder.Load(windowLength: 64).WindowLength);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"model_max_length": null}""")]
    [InlineData("""{"model_max_length": 1000000000000000019884624838656}""")]
    public void Load_NoLengthInTheFolder_TakesTheGivenOne(string configuration)
    {
        using var folder = new TemporaryTokenizer().WithText(TemporaryTokenizer.Configuration, configuration);

        Assert.Equal(64, folder.Load(windowLength: 64).WindowLength);
        Assert.Throws<TokenizerFormatException>(() => folder.Load(windowLength: null));
    }

    [Fact]
    public void Load_GivenLengthTooShort_IsRejected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ClipTokenizer.Load(TokenCase.ShapesFolder, windowLength: 1));
    }
}
