using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Values of single fields from JSON.</summary>
internal static class ScalarReader
{
    /// <returns>The value as the field's accessor takes it; null where it is another kind, and in words what would be right.</returns>
    public static (object? Value, string Expected) Read(JsonElement json, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => (Text(json), "a text"),
        FieldType.Bytes => (Bytes(json), "bytes in base64"),
        FieldType.Bool => (json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : null, "true or false"),
        FieldType.Double => (Number(json), "a number"),
        FieldType.Float => ((float?)Number(json), "a number"),
        FieldType.Int32 => (json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var value) ? value : null, "a whole number"),
        FieldType.UInt32 => (json.ValueKind == JsonValueKind.Number && json.TryGetUInt32(out var value) ? value : null, "a whole number, 0 or more"),
        FieldType.Int64 => (Whole<long>(json), "a whole number"),
        FieldType.UInt64 => (Whole<ulong>(json), "a whole number, 0 or more"),
        FieldType.Enum => (Enum(json, field.EnumType), $"one of {string.Join(", ", MessageFields.Names(field.EnumType))}"),
        _ => (null, "left out"),
    };

    /// <summary>A text; null for another kind, and for one that is no valid Unicode.</summary>
    public static string? Text(JsonElement json)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // JavaScript has no numbers of 64 bits: they may come as texts.
    private static object? Whole<T>(JsonElement json)
        where T : struct, ISpanParsable<T>
    {
        var text = json.ValueKind == JsonValueKind.Number ? json.GetRawText() : Text(json);
        return text is not null && T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static double? Number(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;

    private static ByteString? Bytes(JsonElement json)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String && json.TryGetBytesFromBase64(out var bytes) ? UnsafeByteOperations.UnsafeWrap(bytes) : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // The accessor takes an enum's number for its value.
    private static object? Enum(JsonElement json, EnumDescriptor type) =>
        Text(json) is { } name && MessageFields.Value(type, name) is { } value ? value.Number : null;
}
