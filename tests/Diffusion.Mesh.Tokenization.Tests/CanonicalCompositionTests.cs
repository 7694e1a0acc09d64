using System.Text;
using Diffusion.Mesh.Tokenization.Normalization;

namespace Diffusion.Mesh.Tokenization.Tests;

/// <summary>The examples follow Unicode Standard Annex #15.</summary>
public class CanonicalCompositionTests
{
    [Theory]
    [InlineData("plain ASCII and Latin-1: \u00e9", "plain ASCII and Latin-1: \u00e9")]
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("\u212b \u212a \u2126", "\u00c5 K \u03a9")]
    [InlineData("s\u0307\u0323", "\u1e69")]
    [InlineData("s\u0323\u0307", "\u1e69")]
    [InlineData("\u1e0b\u0323", "\u1e0d\u0307")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("a\u0301\u0301", "\u00e1\u0301")]
    [InlineData("a\u0315\u0301", "\u00e1\u0315")]
    [InlineData("a\u200d\u0301", "a\u200d\u0301")]
    [InlineData("\u0301a", "\u0301a")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u0915\u093c", "\u0915\u093c")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u09c7\u09be", "\u09cb")]
    [InlineData("\u1100\u1161\u11a8", "\uac01")]
    [InlineData("\uac00\u11a8", "\uac01")]
    [InlineData("\uac01\u11a8", "\uac01\u11a8")]
    [InlineData("\uac00\u11a7", "\uac00\u11a7")]
    [InlineData("\uf900", "\u8c48")]
    [InlineData("\ufb01", "\ufb01")]
    [InlineData("\U0001d15e", "\U0001d157\U0001d165")]
    [InlineData("\U00011099\U000110ba", "\U0001109a")]
    [InlineData("\U0002f800", "\u4e3d")]
    public void Compose_Text_IsItsNormalizationFormC(string text, string expected)
    {
        Assert.Equal(expected, CanonicalComposition.Compose(text));
    }

    [Fact]
    public void Compose_ComposedText_IsLeftAsItIs()
    {
        var text = new StringBuilder();
        for (var point = 0; point <= 0x10ffff; point++)
        {
            if (!Rune.TryCreate(point, out var rune))
                continue;

            text.Clear().Append('a').Append(rune.ToString()).Append('\u0323').Append(rune.ToString());
            var once = CanonicalComposition.Compose(text.ToString());
            Assert.Equal(once, CanonicalComposition.Compose(once));
        }
    }
}
