using System.Collections;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Messages as JSON. Numbers of 64 bits are strings, since JavaScript would round them; times are RFC 3339, durations seconds, bytes base64. What is optional and absent
/// is left out.
/// </summary>
internal static class MessageWriter
{
    public static void Write(Utf8JsonWriter json, IMessage message)
    {
        json.WriteStartObject();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.HasPresence && !field.Accessor.HasValue(message))
                continue;
            json.WritePropertyName(field.Name);
            var value = field.Accessor.GetValue(message);
            if (field.IsMap)
                WriteMap(json, (IDictionary)value);
            else if (field.IsRepeated)
                WriteList(json, field, (IEnumerable)value);
            else
                WriteValue(json, field, value);
        }

        json.WriteEndObject();
    }

    // The contracts have maps from text to text only.
    private static void WriteMap(Utf8JsonWriter json, IDictionary map)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry entry in map)
            json.WriteString((string)entry.Key, (string)entry.Value!);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, FieldDescriptor field, IEnumerable values)
    {
        json.WriteStartArray();
        foreach (var value in values)
            WriteValue(json, field, value);
        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, FieldDescriptor field, object value)
    {
        switch (value)
        {
            case Timestamp time:
                json.WriteStringValue(time.ToDateTimeOffset());
                break;
            case Duration duration:
                json.WriteNumberValue(Math.Round(duration.ToTimeSpan().TotalSeconds, 3));
                break;
            case IMessage message:
                Write(json, message);
                break;
            case ByteString bytes:
                json.WriteBase64StringValue(bytes.Span);
                break;
            case long or ulong:
                json.WriteStringValue($"{value}");
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            default:
                WriteNumber(json, field, value);
                break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, FieldDescriptor field, object value)
    {
        if (field.FieldType == FieldType.Enum)
            json.WriteStringValue(MessageFields.Name(field.EnumType, Convert.ToInt32(value)));
        else
            json.WriteNumberValue(Convert.ToDouble(value));
    }
}
