namespace Diffusion.Mesh.Tests;

/// <summary>What a prompt says.</summary>
/// <param name="Background">Name of a colour.</param>
/// <param name="Objects">One object, or two in the order of the text.</param>
/// <param name="Relation">How the first of two stands to the second; empty for one object.</param>
internal sealed record Scene(string Background, IReadOnlyList<SceneObject> Objects, string Relation, string Prompt)
{
    public static IReadOnlyList<string> Relations { get; } = ["above", "below", "to the left of", "to the right of"];

    public static IReadOnlyList<string> Places { get; } = ["", "in the center", "on the left", "on the right", "at the top", "at the bottom"];

    private static readonly string[] _sizes = ["", "", "small", "large"];

    // As the card's figures were measured: 101 of 256.
    private const double ShareOfTwo = 101 / 256.0;

    /// <summary>A scene in the words of the model's card. As in its examples a size is said of single objects only.</summary>
    public static Scene Draw(Random random)
    {
        var colours = random.GetItems<string>([.. Palette.Names], 3);
        while (colours.Distinct().Count() < 3)
            colours = random.GetItems<string>([.. Palette.Names], 3);
        var background = random.Next(3) == 0 ? $", {colours[0]} background" : $" on {Article(colours[0])} background";
        var first = new SceneObject("", colours[1], Pick(random, Outlines.Names), "");
        if (random.NextDouble() < ShareOfTwo)
        {
            var second = new SceneObject("", colours[2], Pick(random, Outlines.Names), "");
            var relation = Pick(random, Relations);
            return new Scene(colours[0], [first, second], relation, $"{first.Words} {relation} {second.Words}{background}");
        }

        first = first with { Size = Pick(random, _sizes), Place = Pick(random, Places) };
        var place = first.Place.Length > 0 ? $" {first.Place}" : "";
        return new Scene(colours[0], [first], "", $"{first.Words}{place}{background}");
    }

    private static string Pick(Random random, IReadOnlyList<string> choices) => choices[random.Next(choices.Count)];

    internal static string Article(string words) => words[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? $"an {words}" : $"a {words}";
}

/// <summary>An object that a prompt names; size and place can be empty.</summary>
internal sealed record SceneObject(string Size, string Colour, string Shape, string Place)
{
    /// <summary>With its article, without its place.</summary>
    public string Words => Scene.Article($"{Size} {Colour} {Shape}".TrimStart());

    /// <summary>Where its centre belongs, in parts of the picture's sides.</summary>
    public (double X, double Y) Centre => Place switch
    {
        "on the left" => (0.27, 0.5),
        "on the right" => (0.73, 0.5),
        "at the top" => (0.5, 0.27),
        "at the bottom" => (0.5, 0.73),
        _ => (0.5, 0.5),
    };
}
