using System.Text.Json;

namespace Diffusion.Mesh.Tokenization.Files;

/// <summary>Reads special tokens, which files write as a string or as an object with <c>content</c>.</summary>
internal static class SpecialTokenReader
{
    private const string ContentKey = "content";
    private const string NormalizedKey = "normalized";
    private const string SpecialKey = "special";
    private const string SingleWordKey = "single_word";

    /// <summary>The token under a key, null where there is none.</summary>
    public static SpecialToken? ReadNamed(string path, JsonElement root, string key) => TokenizerFile.ParseJson(path, () =>
        root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null
            ? Read(path, key, value, normalizedByDefault: false)
            : null);

    /// <summary>The tokens of an object from id to token, in the order of their ids; null where there is no such object.</summary>
    public static SpecialToken[]? ReadList(string path, JsonElement root, string key) =>
        TokenizerFile.ParseJson(path, () => ReadListUnguarded(path, root, key));

    private static SpecialToken[]? ReadListUnguarded(string path, JsonElement root, string key)
    {
        if (!root.TryGetProperty(key, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            throw new TokenizerFormatException(path, $"'{key}' is not an object");

        return [.. value.EnumerateObject()
            .OrderBy(property => int.TryParse(property.Name, out var id)
                ? id
                : throw new TokenizerFormatException(path, $"'{property.Name}' in '{key}' is not an id"))
            .Select(property => Read(path, $"{key}.{property.Name}", property.Value, !Flag(property.Value, SpecialKey)))];
    }

    private static SpecialToken Read(string path, string key, JsonElement value, bool normalizedByDefault)
    {
        var content = value.ValueKind == JsonValueKind.Object && value.TryGetProperty(ContentKey, out var inner) ? inner : value;
        if (content.ValueKind != JsonValueKind.String || content.GetString() is not { Length: > 0 } text)
            throw new TokenizerFormatException(path, $"'{key}' is neither a token nor an object with its '{ContentKey}'");
        if (Flag(value, SingleWordKey))
            throw new TokenizerFormatException(path, $"'{key}' asks for '{SingleWordKey}', which CLIP's tokenizer does not know");

        return new SpecialToken(text, Flag(value, NormalizedKey, normalizedByDefault));
    }

    private static bool Flag(JsonElement value, string key, bool byDefault = false) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out var flag)
            ? flag.ValueKind == JsonValueKind.True
            : byDefault;
}
