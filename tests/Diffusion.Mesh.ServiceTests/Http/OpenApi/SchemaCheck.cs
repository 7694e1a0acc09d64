using System.Text.Json.Nodes;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>As much of JSON Schema as the API's description uses. A keyword that it does not know is an error: it would check nothing.</summary>
internal sealed class SchemaCheck(JsonObject document)
{
    private static readonly HashSet<string> Known =
        ["$ref", "type", "description", "properties", "required", "additionalProperties", "items", "enum", "pattern", "format", "contentEncoding", "maxItems"];

    /// <summary>Where a value does not fit a schema, in words.</summary>
    public IEnumerable<string> Problems(JsonNode? schema, JsonNode? value, string path = "$")
    {
        if (schema is not JsonObject rules)
            return [];
        if (rules["$ref"]?.GetValue<string>() is { } reference)
            return Problems(document["components"]!["schemas"]![reference.Split('/')[^1]], value, path);
        Assert.Subset(Known, rules.Select(r => r.Key).ToHashSet());
        var type = TypeOf(value);
        string[] types = rules["type"] switch { null => [], JsonArray several => [.. several.Select(t => t!.GetValue<string>())], var one => [one.GetValue<string>()] };
        if (types.Length > 0 && !types.Contains(type) && !(type == "integer" && types.Contains("number")))
            return [$"{path} is {type}, not {string.Join(" or ", types)}."];
        if (rules["enum"] is JsonArray values && !values.Any(v => JsonNode.DeepEquals(v, value)))
            return [$"{path} is none of {values.ToJsonString()}."];
        return value switch
        {
            JsonArray items when items.Count > (rules["maxItems"]?.GetValue<int>() ?? int.MaxValue) => [$"{path} has {items.Count} items."],
            JsonArray items => items.SelectMany((item, i) => Problems(rules["items"], item, $"{path}[{i}]")),
            JsonObject fields => Fields(rules, fields, path),
            _ => [],
        };
    }

    private IEnumerable<string> Fields(JsonObject rules, JsonObject fields, string path)
    {
        foreach (var name in rules["required"]?.AsArray().Select(n => n!.GetValue<string>()).Where(n => !fields.ContainsKey(n)) ?? [])
            yield return $"{path}.{name} is absent.";
        foreach (var (name, value) in fields)
        {
            var rule = rules["properties"]?[name] ?? rules["additionalProperties"];
            if (rule is JsonValue && !rule.GetValue<bool>())
                yield return $"{path}.{name} is unknown.";
            foreach (var problem in Problems(rule, value, $"{path}.{name}"))
                yield return problem;
        }
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "null",
        System.Text.Json.JsonValueKind.Object => "object",
        System.Text.Json.JsonValueKind.Array => "array",
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.Number => double.IsInteger(value.GetValue<System.Text.Json.JsonElement>().GetDouble()) ? "integer" : "number",
        System.Text.Json.JsonValueKind.Null => "null",
        _ => "boolean",
    };
}
