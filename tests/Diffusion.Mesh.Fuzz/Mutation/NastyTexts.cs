using System.Text;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Texts that programs stumble over.</summary>
internal static class NastyTexts
{
    /// <summary>Stands for the id of a job that there is when the case is sent; as long as one.</summary>
    public const string KnownJob = "f022f022f022f022f022f022f022f022";

    private static readonly string[] Fixed =
    [
        "", " ", "\0", "a\0b", "\r\n", "a\r\nX-Evil: 1", "../../../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "/etc/passwd", "shapes/../shapes", "shapes", "SHAPES",
        "shapes ", ".", "..", "~", "null", "undefined", "NaN", "Infinity", "-0", "1e999", "0x10", "１２", "true", "[]", "{}", "'; DROP TABLE jobs; --", "${jndi:ldap://x}",
        "{{7*7}}", "<script>alert(1)</script>", "%s%s%s%n", "\uFEFF", "\u202Etxt", "e\u0301", "\U0001F600", "\uFFFF", "\u2028", "é", "ß", "İ", "((((", "))))", "(a:1e99)",
        "(a:-1)", "(((((a:1.9):1.9):1.9)", "[[[[a]]]]", "a\\(b\\)", "\\", "\"", "*", "?", "?*[a-", "#", "&", "a=b&c=d", "KEYS *", "ddim", "euler", "heun", "dpmpp_2m_sde",
        "lcm", "DDIMScheduler", "png", "jpeg", "webp", "64x64", "0x0", "-1x-1", "99999999999x1", "128X128", "auto", KnownJob, "00000000000000000000000000000000",
    ];

    /// <summary>One of them, or one that is long.</summary>
    public static string Pick(Dice dice) => dice.Below(12) switch
    {
        0 => new string('a', 1 << dice.Below(17)),
        1 => string.Concat(Enumerable.Repeat(dice.Pick(Fixed), 1 + dice.Below(300))),
        2 => string.Concat(Enumerable.Range(0, 1 + dice.Below(400)).Select(_ => new Rune(dice.Below(0xD7FF)).ToString())),
        3 => new string('(', 1 + dice.Below(9_000)),
        4 => $"{dice.Whole()}",
        5 => FormattableString.Invariant($"{dice.Real()}"),
        _ => dice.Pick(Fixed),
    };
}
