using System.Globalization;

namespace Diffusion.Mesh.TextEncoder.Tests;

public sealed class AttentionParserTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a red circle", "a red circle*1")]
    [InlineData("(word)", "word*1.1")]
    [InlineData("((word))", "word*1.21")]
    [InlineData("[word]", "word*0.9091")]
    [InlineData("[[word]]", "word*0.8264")]
    [InlineData("(word:1.3)", "word*1.3")]
    [InlineData("a (red:1.5) circle", "a *1|red*1.5| circle*1")]
    [InlineData("(a (red:1.5) circle)", "a *1.1|red*1.65| circle*1.1")]
    [InlineData("((a:2) b:3)", "a*6| b*3")]
    [InlineData("(word: 1.3 )", "word*1.3")]
    [InlineData("(word:.5)", "word*0.5")]
    [InlineData("(word:+1.5e0)", "word*1.5")]
    [InlineData("(word:0)", "word*0")]
    [InlineData("(word:10)", "word*10")]
    [InlineData("(note: a cat)", "note: a cat*1.1")]
    [InlineData("(a:b:2)", "a:b*2")]
    [InlineData("[word:1.3]", "word:1.3*0.9091")]
    [InlineData("(a)(b)", "ab*1.1")]
    [InlineData("a(:1.3)b()c", "abc*1")]
    [InlineData("([a])", "a*1")]
    public void Parse_Brackets_WeighTheirText(string text, string expected) => Assert.Equal(expected, Shown(text));

    [Theory]
    [InlineData(@"\(word\)", "(word)*1")]
    [InlineData(@"\[word\]", "[word]*1")]
    [InlineData(@"(a \(b\) c:1.3)", "a (b) c*1.3")]
    [InlineData(@"a\b\\c", @"a\b\\c*1")]
    [InlineData(@"a\", @"a\*1")]
    public void Parse_Escapes_AreBrackets(string text, string expected) => Assert.Equal(expected, Shown(text));

    [Theory]
    [InlineData("(", "(*1")]
    [InlineData("a) b", "a) b*1")]
    [InlineData("a :) (b)", "a :) *1|b*1.1")]
    [InlineData("((a)", "(*1|a*1.1")]
    [InlineData("(a))", "a*1.1|)*1")]
    [InlineData("(a [b) c]", "a [b*1.1| c]*1")]
    [InlineData("[a (b] c)", "a (b*0.9091| c)*1")]
    [InlineData(@"(a\)", "(a)*1")]
    public void Parse_BracketsWithoutPartner_AreText(string text, string expected) => Assert.Equal(expected, Shown(text));

    [Theory]
    [InlineData("(word:11)", "(word:11)*1")]
    [InlineData("(word:-1)", "(word:-1)*1")]
    [InlineData("(word:1e999)", "(word:1e999)*1")]
    [InlineData("((a:5) b:3)", "(a:5) b*3")]
    [InlineData("(word:nan)", "word:nan*1.1")]
    public void Parse_WeightOutOfRange_IsText(string text, string expected) => Assert.Equal(expected, Shown(text));

    [Fact]
    public void Parse_ManyNestedBrackets_StayInRange()
    {
        var piece = AttentionParser.Parse(new string('(', 5000) + "a" + new string(')', 5000)).MaxBy(p => p.Weight);

        Assert.InRange(piece.Weight, 9, 10);
        Assert.Contains("a", piece.Text);
    }

    private static string Shown(string text) => string.Join('|', AttentionParser.Parse(text).Select(p =>
        string.Create(CultureInfo.InvariantCulture, $"{p.Text}*{Math.Round(p.Weight, 4)}")));
}
