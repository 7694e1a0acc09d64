using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Changes JSON: as a tree, so that it stays JSON, and as text.</summary>
internal static class JsonMutator
{
    private static readonly string[] Raw =
    [
        "null", "true", "[]", "{}", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "1e999", "-0", "00", "1.", "0.1e", "NaN", "1e-400", "123456789012345678901234567890", "[[[[[[]]]]]]",
        "{\"a\":{\"a\":{}}}", "\"AAAA\"", "\"A===\"", "\"\u00e9\"", "\"\\x\"", "1 2", "//", "/* */ 1", "'a'",
    ];

    /// <summary>JSON text in UTF-8, changed.</summary>
    /// <param name="fields">Names worth trying at this door.</param>
    public static byte[] Mutate(Dice dice, JsonObject valid, IReadOnlyList<string> fields)
    {
        var root = (JsonObject)valid.DeepClone();
        for (var i = dice.Below(4); i >= 0; i--)
            Once(dice, root, fields);
        Cheapness.Limit(root);
        var text = Text(root);
        if (dice.Chance(0.25))
            text = Replace(dice, text);
        if (dice.Chance(0.02))
            text = Deep(dice, text);
        var bytes = Encoding.UTF8.GetBytes(text);
        return dice.Chance(0.2) ? ByteMutator.Mutate(dice, bytes) : bytes;
    }

    public static string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions());

    private static void Once(Dice dice, JsonObject at, IReadOnlyList<string> fields)
    {
        if (at.Select(p => p.Value).OfType<JsonObject>().ToArray() is { Length: > 0 } inner && dice.Chance(0.4))
        {
            Once(dice, dice.Pick(inner), fields);
            return;
        }

        var name = at.Count > 0 && dice.Chance(0.6) ? at.ElementAt(dice.Below(at.Count)).Key : dice.Chance(0.8) ? dice.Pick(fields) : NastyTexts.Pick(dice);
        if (dice.Chance(0.15))
            at.Remove(name);
        else
            at[name] = Value(dice, depth: 0);
    }

    private static JsonNode? Value(Dice dice, int depth) => dice.Below(9) switch
    {
        0 => null,
        1 => JsonValue.Create(dice.Chance(0.5)),
        2 or 3 => JsonValue.Create(dice.Whole()),
        4 => dice.Real() is var real && double.IsFinite(real) ? JsonValue.Create(real) : null,
        5 when depth < 3 => new JsonArray([.. Enumerable.Range(0, dice.Below(4)).Select(_ => Value(dice, depth + 1))]),
        6 when depth < 3 => new JsonObject { [NastyTexts.Pick(dice)] = Value(dice, depth + 1) },
        7 => JsonValue.Create(Convert.ToBase64String(Pictures.Hostile(dice))),
        _ => JsonValue.Create(NastyTexts.Pick(dice)),
    };

    // A value by text that no tree would write, or a name twice.
    private static string Replace(Dice dice, string text)
    {
        var colon = text.IndexOf(':', dice.Below(text.Length));
        if (colon < 0)
            return text;
        var end = text.IndexOfAny([',', '}'], colon);
        return dice.Chance(0.7)
            ? $"{text[..(colon + 1)]}{dice.Pick(Raw)}{text[Math.Max(end, colon + 1)..]}"
            : $"{{{text[1..Math.Max(end, 1)]},{text[1..]}";
    }

    private static string Deep(Dice dice, string text)
    {
        var depth = 1 + dice.Below(20_000);
        return dice.Chance(0.5) ? $"{new string('[', depth)}{new string(']', depth)}" : $"{text[..^1]},\"x\":{new string('[', depth)}";
    }
}
