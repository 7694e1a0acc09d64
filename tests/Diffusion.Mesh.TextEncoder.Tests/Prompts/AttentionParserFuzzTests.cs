using System.Text;

namespace Diffusion.Mesh.TextEncoder.Tests;

public sealed class AttentionParserFuzzTests
{
    private const string Alphabet = @"(((()))[[]]\\::..019-+e aé" + "\ud83d\ude00\0\n";

    [Fact]
    public void Parse_AnyText_GivesPiecesInRangeThatReadInOrder()
    {
        var random = new Random(4);
        for (var run = 0; run < 20_000; run++)
        {
            var text = RandomText(random, random.Next(40));
            var pieces = AttentionParser.Parse(text);

            Assert.All(pieces, p => Assert.InRange(p.Weight, 0, 10));
            Assert.DoesNotContain(pieces, p => p.Text.Length == 0);
            Assert.All(pieces.Zip(pieces.Skip(1)), p => Assert.NotEqual(p.First.Weight, p.Second.Weight));
            Assert.True(IsSubsequence(string.Concat(pieces.Select(p => p.Text)), text), text);
        }
    }

    [Fact]
    public void Parse_EscapedText_IsTheTextItself()
    {
        var random = new Random(5);
        for (var run = 0; run < 5_000; run++)
        {
            // A backslash of its own before a bracket would be an escape.
            var text = RandomText(random, random.Next(1, 40)).Replace(@"\", "");
            var escaped = string.Concat(text.Select(c => "()[]".Contains(c) ? $@"\{c}" : c.ToString()));

            Assert.Equal(text, string.Concat(AttentionParser.Parse(escaped).Select(p => p.Text)));
            Assert.All(AttentionParser.Parse(escaped), p => Assert.Equal(1, p.Weight));
        }
    }

    private static string RandomText(Random random, int length)
    {
        var text = new StringBuilder();
        for (var i = 0; i < length; i++)
            text.Append(Alphabet[random.Next(Alphabet.Length)]);
        return text.ToString();
    }

    private static bool IsSubsequence(string part, string whole)
    {
        var i = 0;
        foreach (var c in whole)
        {
            if (i < part.Length && part[i] == c)
                i++;
        }

        return i == part.Length;
    }
}
