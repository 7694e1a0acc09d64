using System.Collections;
using System.Text.Json;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Messages from JSON, in the form that <see cref="MessageWriter"/> gives them. Everything wrong is reported, each with its field.</summary>
internal sealed class MessageReader
{
    private readonly List<FieldProblem> _problems = [];

    /// <summary>What was wrong so far.</summary>
    public IReadOnlyList<FieldProblem> Problems => _problems;

    /// <summary>Reads an object into a message. What is null is absent.</summary>
    /// <param name="path">The field that it is; empty for the whole request.</param>
    public void Read(JsonElement json, IMessage message, string path = "")
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Report(path.Length == 0 ? "body" : path, "It must be an object.");
            return;
        }

        HashSet<string> seen = [];
        foreach (var property in json.EnumerateObject())
        {
            var name = NameOf(property);
            var inside = path.Length == 0 ? name : $"{path}.{name}";
            if (message.Descriptor.FindFieldByName(name) is not { } field)
                Report(inside, "There is no such field.");
            else if (!seen.Add(name))
                Report(inside, "It is there more than once.");
            else if (property.Value.ValueKind != JsonValueKind.Null)
                ReadField(property.Value, message, field, inside);
        }
    }

    private void ReadField(JsonElement json, IMessage message, FieldDescriptor field, string path)
    {
        if (field.IsMap)
            ReadMap(json, (IDictionary)field.Accessor.GetValue(message), path);
        else if (field.IsRepeated)
            ReadList(json, (IList)field.Accessor.GetValue(message), field, path);
        else if (ReadValue(json, field, path) is { } value)
            field.Accessor.SetValue(message, value);
    }

    // The contracts of requests have maps from text to text only.
    private void ReadMap(JsonElement json, IDictionary map, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Report(path, "It must be an object.");
            return;
        }

        foreach (var property in json.EnumerateObject())
        {
            var name = NameOf(property);
            if (Text(property.Value) is not { } text)
                Report($"{path}.{name}", "It must be a text.");
            else if (!map.Contains(name))
                map.Add(name, text);
        }
    }

    private void ReadList(JsonElement json, IList list, FieldDescriptor field, string path)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            Report(path, "It must be a list.");
            return;
        }

        foreach (var (i, item) in json.EnumerateArray().Index())
        {
            if (ReadValue(item, field, $"{path}[{i}]") is { } value)
                list.Add(value);
        }
    }

    private object? ReadValue(JsonElement json, FieldDescriptor field, string path)
    {
        if (field.FieldType == FieldType.Message)
        {
            var message = (IMessage)Activator.CreateInstance(field.MessageType.ClrType)!;
            Read(json, message, path);
            return message;
        }

        var (value, expected) = ScalarReader.Read(json, field);
        if (value is null)
            Report(path, $"It must be {expected}.");
        return value;
    }

    private void Report(string field, string description) => _problems.Add(new(field, description));

    // A half of a surrogate pair is no text.
    public static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "?";
        }
    }

    private static string? Text(JsonElement json) => ScalarReader.Text(json);
}
