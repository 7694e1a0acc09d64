using System.Text.Json;

namespace Diffusion.Mesh.Models;

/// <summary>One of a model's JSON files, read with errors that name the file and the field.</summary>
internal sealed class ModelConfig
{
    private readonly string _model;
    private readonly string _path;
    private readonly JsonElement _root;

    private ModelConfig(string model, string path, JsonElement root) => (_model, _path, _root) = (model, path, root);

    /// <exception cref="ModelFormatException">The file is missing or is not a JSON object.</exception>
    public static ModelConfig Read(string model, string folder, string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(Path.Combine(folder, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var missing = e is FileNotFoundException or DirectoryNotFoundException;
            throw new ModelFormatException(model, path, missing ? "is missing" : "cannot be read", e);
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ModelFormatException(model, path, "is not a JSON object");
            return new ModelConfig(model, path, document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(model, path, "is not valid JSON", e);
        }
    }

    public int Int(string field, int? fallback = null) =>
        Find(field) is { } value
            ? value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0
                ? number
                : throw Wrong(field, "must be a positive whole number")
            : fallback ?? throw Wrong(field, "is missing");

    public int? OptionalInt(string field) => Find(field) is null ? null : Int(field);

    public double Double(string field, double? fallback = null) =>
        Find(field) is { } value
            ? value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
                ? number
                : throw Wrong(field, "must be a number")
            : fallback ?? throw Wrong(field, "is missing");

    public int Count(string field) =>
        Find(field) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
            ? list.GetArrayLength()
            : throw Wrong(field, "must be a list with at least one entry");

    public bool Flag(string field) => Find(field) is { ValueKind: JsonValueKind.True };

    public string? OptionalText(string field) => Find(field) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Whether the index of a pipeline names a part: <c>[library, class]</c>, both null where it is left out on purpose.</summary>
    public bool Names(string part) =>
        Find(part) is { ValueKind: JsonValueKind.Array } names && names.EnumerateArray().Any(n => n.ValueKind == JsonValueKind.String);

    public byte[] Utf8() => JsonSerializer.SerializeToUtf8Bytes(_root);

    private JsonElement? Find(string field) =>
        _root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private ModelFormatException Wrong(string field, string problem) => new(_model, _path, $"is broken: '{field}' {problem}");
}
