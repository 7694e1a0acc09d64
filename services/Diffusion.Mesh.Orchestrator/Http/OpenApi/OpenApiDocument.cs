using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The HTTP side as an OpenAPI document, version 3.1.</summary>
internal static partial class OpenApiDocument
{
    /// <summary>The APIs, in the order in which they are listed.</summary>
    public static IReadOnlyList<ApiGroup> Groups { get; } = [MeshOperations.Group, OpenAiOperations.Group, WebUiOperations.Group];

    public static JsonObject Create()
    {
        var schemas = new ApiSchemas();
        var paths = new JsonObject();
        foreach (var group in Groups)
        {
            foreach (var operation in group.Operations)
            {
                if (paths[operation.Path] is not JsonObject path)
                    paths[operation.Path] = path = [];
                path[operation.Method.ToLowerInvariant()] = Operation(group, operation, schemas);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Diffusion Mesh",
                ["version"] = ServiceVersion.Text,
                ["description"] = "The HTTP side of a Diffusion Mesh orchestrator. Every API here does its work by the same jobs, keys and quotas.",
            },
            ["tags"] = new JsonArray([.. Groups.Select(g => new JsonObject { ["name"] = g.Name, ["description"] = g.Description })]),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.Components, ["securitySchemes"] = Security() },
        };
    }

    private static JsonObject Operation(ApiGroup group, ApiOperation operation, ApiSchemas schemas)
    {
        var json = new JsonObject
        {
            ["tags"] = new JsonArray(group.Name),
            ["operationId"] = Separators().Replace(operation.Id, "_").Trim('_').ToLowerInvariant(),
            ["summary"] = operation.Summary,
        };
        if (operation.Description.Length > 0)
            json["description"] = operation.Description;
        var parameters = PathParameters(operation).Concat(operation.Query.Select(q => Parameter("query", q.Name, q.Type, q.Description))).ToArray();
        if (parameters.Length > 0)
            json["parameters"] = new JsonArray(parameters);
        if (operation.Request is { } request)
            json["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content([operation.RequestType], request(schemas)) };
        var good = new JsonObject { ["description"] = operation.AnswerTypes.Count == 0 ? "Done." : "The answer." };
        if (operation.AnswerTypes.Count > 0)
            good["content"] = Content(operation.AnswerTypes, operation.Answer?.Invoke(schemas));
        json["responses"] = new JsonObject
        {
            [$"{operation.Status}"] = good,
            ["default"] = new JsonObject { ["description"] = "An error.", ["content"] = Content([group.ErrorType], group.Error(schemas)) },
        };
        // The last one: none, where the server takes calls without a key.
        json["security"] = new JsonArray([.. group.Schemes.Select(s => new JsonObject { [s] = new JsonArray() }), new JsonObject()]);
        return json;
    }

    private static IEnumerable<JsonNode> PathParameters(ApiOperation operation) =>
        PathParameter().Matches(operation.Path).Select(m => Parameter("path", m.Groups[1].Value, "string", ""));

    private static JsonNode Parameter(string place, string name, string type, string description)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = place == "path", ["schema"] = new JsonObject { ["type"] = type } };
        if (description.Length > 0)
            parameter["description"] = description;
        return parameter;
    }

    // Neither files nor streams have one.
    private static JsonObject Content(IReadOnlyList<string> types, JsonNode? schema) =>
        new(types.Select(t => KeyValuePair.Create(t, (JsonNode?)(schema is null || !HasSchema(t) ? [] : new JsonObject { ["schema"] = schema.DeepClone() }))));

    private static bool HasSchema(string type) => type.EndsWith("json", StringComparison.Ordinal) || type == "multipart/form-data";

    private static JsonObject Security() => new()
    {
        ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key." },
        ["key"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-api-key" },
        ["basic"] = new JsonObject { ["type"] = "http", ["scheme"] = "basic", ["description"] = "An API key as the password, with any name." },
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex Separators();
}
