using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>One configuration file of diffusers or transformers, or none: then every field has its fallback.</summary>
internal sealed class Config
{
    private readonly string _path;

    private Config(string path, JsonObject? json) => (_path, Json) = (path, json);

    /// <summary>What the file says; null where there is none.</summary>
    public JsonObject? Json { get; }

    /// <param name="folder">The folder of a model; null for none.</param>
    /// <exception cref="ImportException">The file is broken.</exception>
    public static Config Read(string? folder, string path)
    {
        var full = folder is null ? null : Path.Combine(folder, path);
        return new Config(full ?? path, full is not null && File.Exists(full) ? JsonFile.Read(full) : null);
    }

    public bool Has(string field) => Json?[field] is not null;

    public string? Text(string field) => Json?[field] is { } value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw Wrong(field, "is not a string")
        : null;

    public int Int(string field, int fallback) => Json?[field] is { } value ? Int(field, value) : fallback;

    public double Double(string field, double fallback) => Json?[field] is { } value
        ? value.GetValueKind() == JsonValueKind.Number && value.GetValue<double>() is var number && double.IsFinite(number)
            ? number
            : throw Wrong(field, "is not a number")
        : fallback;

    public bool Flag(string field) => Json?[field]?.GetValueKind() == JsonValueKind.True;

    /// <summary>A list of as many numbers as there are levels; one number counts for all of them.</summary>
    public ImmutableArray<int>? Levels(string field, int levels) => Json?[field] switch
    {
        null => null,
        JsonArray list when list.Count == levels => [.. list.Select(v => v is null ? throw Wrong(field, "has an empty entry") : Int(field, v))],
        JsonArray => throw Wrong(field, $"must be one number, or {levels}: one for each level"),
        { } value => [.. Enumerable.Repeat(Int(field, value), levels)],
    };

    /// <summary>Requires that a field has the only value that is supported, if it is there at all.</summary>
    /// <exception cref="ImportException">It has another.</exception>
    public void Require(string field, params ReadOnlySpan<string> supported)
    {
        if (Json?[field] is { } value && !supported.Contains(value.ToJsonString().Trim('"')))
            throw Wrong(field, $"is {value.ToJsonString()}, {(supported.IsEmpty ? "which is not" : $"and only {string.Join(" or ", supported)} is")} supported");
    }

    public ImportException Wrong(string field, string problem) => new($"'{_path}': '{field}' {problem}.");

    private int Int(string field, JsonNode value) =>
        value is JsonValue number && number.TryGetValue<int>(out var whole) && whole > 0 ? whole : throw Wrong(field, "is not a positive whole number");
}
