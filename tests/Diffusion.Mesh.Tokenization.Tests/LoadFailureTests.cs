namespace Diffusion.Mesh.Tokenization.Tests;

public class LoadFailureTests
{
    private const string Vocabulary = "vocab.json";
    private const string Merges = "merges.txt";
    private const string Configuration = TemporaryTokenizer.Configuration;
    private const string Map = TemporaryTokenizer.Map;

    [Theory]
    [InlineData(Vocabulary)]
    [InlineData(Merges)]
    public void Load_FileMissing_NamesIt(string name)
    {
        using var folder = new TemporaryTokenizer().Without(name);

        AssertFailure(folder, name, "the file is missing");
    }

    [Theory]
    [InlineData(Vocabulary, "", "broken JSON in line 1")]
    [InlineData(Vocabulary, "[]", "a JSON object is expected")]
    [InlineData(Vocabulary, "{\"a\": 0,\n\"b\" 1}", "broken JSON in line 2")]
    [InlineData(Vocabulary, "{\"a\": 0", "broken JSON in line 1")]
    [InlineData(Vocabulary, "{\"a\": 0} x", "broken JSON in line 1")]
    [InlineData(Vocabulary, "{\"\\ud800\": 0}", "a string in the JSON is not valid Unicode")]
    [InlineData(Vocabulary, "{\"a\": -1}", "the id of 'a' is not a whole number of 0 or more")]
    [InlineData(Vocabulary, "{\"a\": 0.5}", "the id of 'a' is not a whole number of 0 or more")]
    [InlineData(Vocabulary, "{\"a\": {\"b\": 1}}", "the id of 'a' is not a whole number of 0 or more")]
    [InlineData(Merges, "#version: 0.2\na c\nq\u0142 q", "line 3 needs the token 'q\u0142', which vocab.json lacks")]
    [InlineData(Merges, "a c\n\nac\n", "line 3 is not two tokens with one space between them")]
    [InlineData(Merges, "a c c", "line 1 is not two tokens with one space between them")]
    [InlineData(Merges, "! !", "line 1 needs the token '!!', which vocab.json lacks")]
    [InlineData(Configuration, "nonsense", "broken JSON in line 1")]
    [InlineData(Configuration, "[1]", "a JSON object is expected")]
    [InlineData(Configuration, "{\"model_max_length\": 1}", "model_max_length is not a number of 2 or more")]
    [InlineData(Configuration, "{\"model_max_length\": \"77\"}", "model_max_length is not a number of 2 or more")]
    [InlineData(Configuration, "{\"bos_token\": 7}", "'bos_token' is neither a token nor an object with its 'content'")]
    [InlineData(Configuration, "{\"bos_token\": \"\"}", "'bos_token' is neither a token nor an object with its 'content'")]
    [InlineData(Configuration, "{\"bos_token\": \"\\udc00\"}", "a string in the JSON is not valid Unicode")]
    [InlineData(Configuration, "{\"added_tokens_decoder\": []}", "'added_tokens_decoder' is not an object")]
    [InlineData(Configuration, "{\"added_tokens_decoder\": {\"x\": \"a\"}}", "'x' in 'added_tokens_decoder' is not an id")]
    [InlineData(Map, "{", "broken JSON in line 1")]
    [InlineData(Map, "{\"eos_token\": {}}", "'eos_token' is neither a token nor an object with its 'content'")]
    [InlineData(
        Map,
        "{\"pad_token\": {\"content\": \"!\", \"single_word\": true}}",
        "'pad_token' asks for 'single_word', which CLIP's tokenizer does not know")]
    public void Load_FileBroken_TellsWhatIsWrong(string name, string content, string problem)
    {
        using var folder = new TemporaryTokenizer().WithText(name, content);

        AssertFailure(folder, name, problem);
    }

    [Theory]
    [InlineData("bos_token")]
    [InlineData("eos_token")]
    [InlineData("unk_token")]
    [InlineData("pad_token")]
    public void Load_SpecialTokenNotInVocabulary_NamesIt(string role)
    {
        using var folder = new TemporaryTokenizer()
            .With(Configuration, new Dictionary<string, string> { [role] = "<none>" });

        AssertFailure(folder, Vocabulary, "the special token '<none>' is not in the vocabulary");
    }

    [Fact]
    public void Load_NoSuchFolder_NamesTheFileMissed()
    {
        var folder = Path.Combine(Path.GetTempPath(), "mesh-no-such-folder");

        var failure = Assert.Throws<TokenizerFormatException>(() => ClipTokenizer.Load(folder, 77));

        Assert.Equal(Path.Combine(folder, Vocabulary), failure.File);
    }

    private static void AssertFailure(TemporaryTokenizer folder, string name, string problem)
    {
        var failure = Assert.Throws<TokenizerFormatException>(() => folder.Load());

        Assert.Equal(Path.Combine(folder.Folder, name), failure.File);
        Assert.Equal(problem, failure.Problem);
        Assert.Equal($"{failure.File}: {problem}", failure.Message);
    }
}
