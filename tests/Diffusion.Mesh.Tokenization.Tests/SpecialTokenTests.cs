namespace Diffusion.Mesh.Tokenization.Tests;

/// <summary>Special tokens in the text; the ids are the tokenizers library's (0.23.2) for the same settings.</summary>
public class SpecialTokenTests
{
    private static readonly object _normalizedEnd = new { content = "<|endoftext|>", normalized = true };

    [Theory]
    [InlineData("a<|endoftext|>b", new[] { 320, 629, 321 })]
    [InlineData("<|<|endoftext|>|>", new[] { 27, 347, 629, 91, 285 })]
    [InlineData("a<|ENDOFTEXT|>b", new[] { 320, 27, 347, 68, 77, 67, 78, 69, 613, 87, 339, 91, 285, 321 })]
    [InlineData("<|ENDOFTEXT|>'s x", new[] { 27, 347, 68, 77, 67, 78, 69, 613, 87, 339, 91, 285, 6, 338, 343 })]
    [InlineData("<|endoftext|>\u0338b", new[] { 629, 136, 372, 321 })]
    [InlineData("<|startoftext|", new[] { 27, 347, 82, 83, 526, 562, 69, 613, 87, 339, 347 })]
    public void Tokenize_PlainSpecialToken_IsFoundAsWritten(string text, int[] ids)
    {
        using var folder = new TemporaryTokenizer();

        Assert.Equal(ids, folder.Load().Tokenize(text));
    }

    [Theory]
    [InlineData("a<|ENDOFTEXT|>b", new[] { 320, 629, 321 })]
    [InlineData("<|endoftext|>\u0338b", new[] { 27, 347, 68, 77, 67, 78, 69, 613, 87, 339, 91, 158, 231, 363, 321 })]
    public void Tokenize_NormalizedSpecialToken_IsFoundInNormalizedText(string text, int[] ids)
    {
        using var folder = new TemporaryTokenizer()
            .With(TemporaryTokenizer.Map, new { eos_token = _normalizedEnd, unk_token = _normalizedEnd, pad_token = _normalizedEnd });

        Assert.Equal(ids, folder.Load().Tokenize(text));
    }

    [Fact]
    public void Encode_OtherPadToken_PadsWithItAndFindsItInText()
    {
        using var folder = new TemporaryTokenizer().With(TemporaryTokenizer.Configuration, new { pad_token = "!" });

        var tokenizer = folder.Load(windowLength: 10);

        Assert.Equal<int>([628, 593, 75, 75, 334, 0, 320, 0, 321, 629], tokenizer.Encode("hello! a!b").Ids);
        Assert.Equal<int>([628, 629, 0, 0, 0, 0, 0, 0, 0, 0], tokenizer.Encode("").Ids);
    }

    [Fact]
    public void Load_TokenInBothFiles_TakesTheMaps()
    {
        using var folder = new TemporaryTokenizer()
            .With(TemporaryTokenizer.Configuration, new { pad_token = "#", bos_token = "$" })
            .With(TemporaryTokenizer.Map, new { pad_token = new { content = "!" } });

        var tokenizer = folder.Load();

        Assert.Equal((0, 3), (tokenizer.PadId, tokenizer.BosId));
    }

    [Fact]
    public void Load_ListedTokens_TellTheirPropertiesAndLeaveTheMapOut()
    {
        using var folder = new TemporaryTokenizer()
            .WithText(TemporaryTokenizer.Configuration, """
                {
                  "eos_token": "<|endoftext|>",
                  "added_tokens_decoder": {
                    "629": {"content": "<|endoftext|>", "normalized": true, "special": true},
                    "631": {"content": "<sky>", "special": true},
                    "630": {"content": "<Cat>", "normalized": false}
                  }
                }
                """)
            .With(TemporaryTokenizer.Map, new { pad_token = "!" });

        var tokenizer = folder.Load();

        Assert.Equal((629, 632), (tokenizer.PadId, tokenizer.VocabularySize));
        Assert.Equal([320, 629, 630, 631, 321], tokenizer.Tokenize("a<|EndOfText|><Cat><sky>b"));
        Assert.DoesNotContain(630, tokenizer.Tokenize("<cat>"));
    }

    [Fact]
    public void Tokenize_ConceptOfSeveralVectors_ItsNameStandsForAll()
    {
        using var folder = new TemporaryTokenizer().WithText(TemporaryTokenizer.Configuration, """
            {"added_tokens_decoder": {
              "630": {"content": "<toy>"}, "631": {"content": "<toy>_1"}, "632": {"content": "<toy>_2"}, "633": {"content": "<toy>_4"}}}
            """);

        Assert.Equal([320, 630, 631, 632, 321], folder.Load().Tokenize("a<Toy>b"));
        Assert.Equal([631, 633], folder.Load().Tokenize("<toy>_1 <toy>_4"));
    }

    [Fact]
    public void Tokenize_TokenThatBeginsAnother_TakesTheLongest()
    {
        using var folder = new TemporaryTokenizer().WithText(TemporaryTokenizer.Configuration, """
            {"added_tokens_decoder": {"630": {"content": "<x", "special": true}, "631": {"content": "<x>", "special": true}}}
            """);

        Assert.Equal([631, 630, 631], folder.Load().Tokenize("<x><x<x>"));
    }
}
