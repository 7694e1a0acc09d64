using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Messages of the contracts as JSON Schemas: as <see cref="MessageWriter"/> writes them, or as <see cref="MessageReader"/> takes them.</summary>
internal static class MessageSchemas
{
    /// <param name="isRequest">It is read: everything may be left out, and numbers of 64 bits may be numbers, too.</param>
    /// <param name="reference">Gives the place of another message.</param>
    public static JsonObject Of(MessageDescriptor message, bool isRequest, Func<MessageDescriptor, JsonNode> reference)
    {
        var fields = message.Fields.InFieldNumberOrder();
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["description"] = ProtoComments.Of(message.Name),
            ["properties"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)Field(f, isRequest, reference)))),
            ["additionalProperties"] = false,
        };
        var always = fields.Where(f => !f.HasPresence).Select(f => (JsonNode?)f.Name).ToArray();
        if (!isRequest && always.Length > 0)
            schema["required"] = new JsonArray(always);
        return schema;
    }

    private static JsonObject Field(FieldDescriptor field, bool isRequest, Func<MessageDescriptor, JsonNode> reference)
    {
        var schema = field.IsMap ? new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } }
            : field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = Value(field, isRequest, reference) }
            : Value(field, isRequest, reference);
        if (Comment(field) is { Length: > 0 } comment)
            schema["description"] = comment;
        return schema;
    }

    // Enums have no place of their own to be described at.
    private static string Comment(FieldDescriptor field)
    {
        var comment = ProtoComments.Of($"{field.ContainingType.Name}.{field.Name}");
        return field.FieldType == FieldType.Enum && comment == $"See {field.EnumType.Name}." ? ProtoComments.Of(field.EnumType.Name) : comment;
    }

    private static JsonObject Value(FieldDescriptor field, bool isRequest, Func<MessageDescriptor, JsonNode> reference) => field.FieldType switch
    {
        FieldType.Message => Message(field.MessageType, reference),
        FieldType.Enum => Enum(field.EnumType, isRequest),
        FieldType.Bytes => new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
        FieldType.String => new JsonObject { ["type"] = "string" },
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.Double or FieldType.Float => new JsonObject { ["type"] = "number" },
        FieldType.Int64 or FieldType.UInt64 when isRequest => new JsonObject { ["type"] = new JsonArray("string", "integer") },
        FieldType.Int64 or FieldType.UInt64 => new JsonObject { ["type"] = "string", ["pattern"] = "^-?[0-9]+$" },
        _ => new JsonObject { ["type"] = "integer" },
    };

    private static JsonObject Message(MessageDescriptor message, Func<MessageDescriptor, JsonNode> reference) => message.FullName switch
    {
        "google.protobuf.Timestamp" => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        "google.protobuf.Duration" => new JsonObject { ["type"] = "number" },
        _ => reference(message).AsObject(),
    };

    // The contract's own names, which requests may have too, are not listed.
    private static JsonObject Enum(EnumDescriptor type, bool isRequest)
    {
        var names = isRequest ? MessageFields.Names(type) : type.Values.Select(v => MessageFields.Name(type, v.Number));
        return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. names.Select(n => (JsonNode)n)]) };
    }
}
