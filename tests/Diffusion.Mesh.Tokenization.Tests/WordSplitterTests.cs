using Diffusion.Mesh.Tokenization.Splitting;

namespace Diffusion.Mesh.Tokenization.Tests;

public class WordSplitterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData("a photo", "a|photo")]
    [InlineData(" a  b ", "a|b")]
    [InlineData("x1234y", "x|1|2|3|4|y")]
    [InlineData("it's we'll they'd've", "it|'s|we|'ll|they|'d|'ve")]
    [InlineData("'sup 'twas", "'s|up|'t|was")]
    [InlineData("''''s", "''''|s")]
    [InlineData("!'s", "!'|s")]
    [InlineData("a_b-c/d", "a|_|b|-|c|/|d")]
    [InlineData("cafe\u0301s", "cafe|\u0301|s")]
    [InlineData("\u0928\u092e\u0938\u094d\u0924\u0947", "\u0928\u092e\u0938|\u094d|\u0924|\u0947")]
    [InlineData("\U0001d4d7\U00010428\U00020000a", "\U0001d4d7\U00010428\U00020000a")]
    [InlineData("\U0001d7d8\U0001d7d9", "\U0001d7d8|\U0001d7d9")]
    [InlineData("\U0001f600\U0001f525!x", "\U0001f600\U0001f525!|x")]
    [InlineData("\u00bd\u2167\u00b2", "\u00bd|\u2167|\u00b2")]
    [InlineData("a\u200bb", "a|\u200b|b")]
    public void MoveNext_Text_FollowsClipsPattern(string text, string words)
    {
        Assert.Equal(words, string.Join('|', Split(text)));
    }

    [Fact]
    public void MoveNext_SpecialTokenLiteral_EndsTheRunOfSigns()
    {
        Assert.Equal(["<|", "endoftext", "|>", "'s"], Split("<|endoftext|>'s"));
        Assert.Equal(["<|", "startoftext", "|>", "<|", "endoftext", "|>", "!"], Split("<|startoftext|><|endoftext|>!"));
        Assert.Equal(["!<|", "endoftext", "|>!"], Split("!<|endoftext|>!"));
    }

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        foreach (var word in new WordSplitter(text))
            words.Add(word.ToString());
        return words;
    }
}
