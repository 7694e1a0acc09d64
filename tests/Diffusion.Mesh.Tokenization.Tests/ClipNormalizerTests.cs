using Diffusion.Mesh.Tokenization.Normalization;

namespace Diffusion.Mesh.Tokenization.Tests;

public class ClipNormalizerTests
{
    [Theory]
    [InlineData("MiXeD", "mixed")]
    [InlineData("\u00dcN\u00cfC\u00d6D\u00c9", "\u00fcn\u00efc\u00f6d\u00e9")]
    [InlineData("E\u0301", "\u00e9")]
    [InlineData("\u0130I\u0131", "i\u0307i\u0131")]
    [InlineData("\u039f\u03a3", "\u03bf\u03c3")]
    [InlineData("\u1e9e \u00df", "\u00df \u00df")]
    [InlineData("\U00010400\U0001e900", "\U00010428\U0001e922")]
    [InlineData("\u13a0", "\uab70")]
    [InlineData("\u01c5", "\u01c6")]
    public void Normalize_UpperCase_IsLowerWithoutACulture(string text, string expected)
    {
        Assert.Equal(expected, ClipNormalizer.Normalize(text));
    }

    [Theory]
    [InlineData(" a \t\r\n b ", " a b ")]
    [InlineData("a\u00a0\u2003\u3000\u0085\u2028b", "a b")]
    [InlineData("a\u2000b", "a b")]
    [InlineData("a\u200bb\ufeffc\u001cd", "a\u200bb\ufeffc\u001cd")]
    public void Normalize_WhiteSpace_IsOneSpaceForARun(string text, string expected)
    {
        Assert.Equal(expected, ClipNormalizer.Normalize(text));
    }
}
