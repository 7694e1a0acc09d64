using System.Globalization;
using System.Text.Json;
using Google.Protobuf;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A field's value, from JSON or from a form, where everything but files is text.</summary>
internal sealed class FieldValue
{
    private readonly JsonElement? _json;
    private readonly string? _text;

    public FieldValue(JsonElement json) => _json = json;

    public FieldValue(string text) => _text = text;

    public FieldValue(ByteString file) => File = file;

    /// <summary>A file; null for another kind.</summary>
    public ByteString? File { get; }

    /// <summary>A text; null for another kind. In a form everything but a file is one.</summary>
    public string? Text => _json is { } json ? ScalarReader.Text(json) : _text;

    /// <summary>Null for another kind.</summary>
    public int? Whole => Parse<int>(_json is { ValueKind: JsonValueKind.Number } json ? json.GetRawText() : _text);

    /// <summary>0 to 2^64 - 1, as a text too, since JavaScript has no such numbers; null for another kind.</summary>
    public ulong? Seed => Parse<ulong>(_json is { ValueKind: JsonValueKind.Number } json ? json.GetRawText() : Text);

    /// <summary>A finite number; null for another kind.</summary>
    public double? Number
    {
        get
        {
            var value = _json is { } json
                ? json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var number) ? number : double.NaN
                : double.TryParse(_text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : double.NaN;
            return double.IsFinite(value) ? value : null;
        }
    }

    /// <summary>Null for another kind.</summary>
    public bool? Flag => _json is { } json
        ? json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : null
        : _text switch
        {
            "true" => true,
            "false" => false,
            _ => null,
        };

    private static T? Parse<T>(string? text)
        where T : struct, ISpanParsable<T> =>
        text is not null && T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}
