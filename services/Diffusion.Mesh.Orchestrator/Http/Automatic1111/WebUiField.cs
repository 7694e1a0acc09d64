using System.Globalization;
using System.Text.Json;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What kind of value a field takes. As there, a number may also come as a text.</summary>
internal enum WebUiKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number, read as <see cref="long"/>.</summary>
    Whole,

    /// <summary>A number, read as <see cref="double"/>.</summary>
    Number,

    /// <summary>True or false, or 1 or 0.</summary>
    Flag,

    /// <summary>A list.</summary>
    List,

    /// <summary>An object.</summary>
    Object,

    /// <summary>Anything: nobody looks at it.</summary>
    Any,
}

/// <summary>A field of requests to AUTOMATIC1111's API.</summary>
/// <param name="Description">For the API's description.</param>
internal sealed record WebUiField(string Name, WebUiKind Kind, string Description)
{
    /// <summary>Whether a value asks for nothing that is not here; null: all do.</summary>
    public Func<object, bool>? Allows { get; init; }

    /// <summary>Such values in words.</summary>
    public string Allowed { get; init; } = "";

    /// <summary>It is looked at only where a mask comes with it.</summary>
    public bool OfMask { get; init; }

    /// <summary>The value of a field; null where it is of another kind, and in words what would be right.</summary>
    public (object? Value, string Expected) Read(JsonElement json) => Kind switch
    {
        WebUiKind.Text => (ScalarReader.Text(json), "a text"),
        WebUiKind.Whole => (Number(json) is { } number && number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (long)number : null, "a whole number"),
        WebUiKind.Number => (Number(json), "a number"),
        WebUiKind.Flag => (Flag(json), "true or false"),
        WebUiKind.List => (json.ValueKind == JsonValueKind.Array ? json : null, "a list"),
        WebUiKind.Object => (json.ValueKind == JsonValueKind.Object ? json : null, "an object"),
        _ => (json, ""),
    };

    private static double? Number(JsonElement json)
    {
        var text = json.ValueKind == JsonValueKind.Number ? json.GetRawText() : ScalarReader.Text(json);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
    }

    private static bool? Flag(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when Number(json) is 0 or 1 => Number(json) == 1,
        _ => null,
    };
}
