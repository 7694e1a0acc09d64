using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// The schemas of what goes over HTTP. They are made from the types and messages that are written and the tables that requests are read by, so they say what is so.
/// </summary>
internal sealed class ApiSchemas
{
    private readonly JsonSchemaExporterOptions _exporter;

    public ApiSchemas() => _exporter = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    /// <summary>Those that were asked for, by name.</summary>
    public JsonObject Components { get; } = [];

    /// <summary>The schema of a type that is written.</summary>
    public JsonNode Of<T>() => typeof(T).IsArray ? ApiJson.Schema(typeof(T), _exporter) : Component(typeof(T).Name, () => ApiJson.Schema(typeof(T), _exporter));

    /// <summary>The same type as a request of which any part may be left out.</summary>
    public JsonNode Part<T>(string name) => Component(name, () =>
    {
        var schema = ApiJson.Schema(typeof(T), _exporter);
        schema.AsObject().Remove("required");
        return schema;
    });

    /// <summary>The schema of a message that is written.</summary>
    public JsonNode Of(MessageDescriptor message) => Reference(message, isRequest: false);

    /// <summary>What asks for a job: a message, and what gRPC has as the call's deadline.</summary>
    public JsonNode JobRequest() => Component(nameof(JobRequest), () =>
    {
        var schema = MessageSchemas.Of(GenerateRequest.Descriptor, isRequest: true, m => Reference(m, isRequest: true));
        schema["properties"]!["timeout_seconds"] = new JsonObject
        {
            ["type"] = "number",
            ["description"] = "When the job fails if it has not ended before, from now: above 0 to 86400.",
        };
        return schema;
    });

    /// <summary>A request of AUTOMATIC1111's API.</summary>
    public JsonNode Of(string name, IReadOnlyList<WebUiField> fields) => Component(name, () => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)Field(f)))),
        ["additionalProperties"] = false,
    });

    /// <summary>A schema under a name, made once.</summary>
    public JsonNode Component(string name, Func<JsonNode> make)
    {
        if (!Components.ContainsKey(name))
        {
            // Before it is made: it may be a part of itself.
            Components[name] = null;
            Components[name] = make();
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private JsonObject Field(WebUiField field)
    {
        if (field is { Name: "override_settings", Kind: WebUiKind.Object })
            return Of("WebUiOverrides", WebUiFields.Overrides).AsObject();
        var schema = new JsonObject { ["description"] = field.Description };
        if (field.Kind != WebUiKind.Any)
            schema["type"] = new JsonArray([.. Types(field.Kind).Select(t => (JsonNode)t), "null"]);
        return schema;
    }

    private static string[] Types(WebUiKind kind) => kind switch
    {
        WebUiKind.Text => ["string"],
        WebUiKind.Whole => ["integer", "string"],
        WebUiKind.Number => ["number", "string"],
        WebUiKind.Flag => ["boolean", "integer"],
        WebUiKind.List => ["array"],
        _ => ["object"],
    };

    private JsonNode Reference(MessageDescriptor message, bool isRequest) =>
        Component(message.Name, () => MessageSchemas.Of(message, isRequest, m => Reference(m, isRequest)));

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type.IsAssignableTo(typeof(IMessage)))
            return Of((MessageDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!);
        if (type == typeof(TimeSpan))
            return new JsonObject { ["type"] = "number", ["description"] = "Seconds." };
        if (type == typeof(object) || context.TypeInfo.Kind != JsonTypeInfoKind.Object)
            return schema;
        if (!context.Path.IsEmpty)
            return Component(type.Name, () => ApiJson.Schema(type, _exporter));
        var written = context.TypeInfo.Properties.Where(p => p.Get is not null).ToArray();
        schema["type"] = "object";
        schema["required"] = new JsonArray([.. written.Where(IsAlways).Select(p => (JsonNode)p.Name)]);
        schema["additionalProperties"] = false;
        return schema;
    }

    private static bool IsAlways(JsonPropertyInfo property) =>
        !property.IsGetNullable
        || property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Never }];
}
