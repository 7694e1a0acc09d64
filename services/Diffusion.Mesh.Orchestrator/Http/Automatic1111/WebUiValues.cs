using System.Text.Json;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The fields of an object, read by a table; what is null is absent.</summary>
/// <param name="path">What stands before the fields' names; empty for the whole request.</param>
internal sealed class WebUiValues(string path, ICollection<FieldProblem> problems)
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    /// <summary>Whether a field has a value.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>A field's value; null where it has none that could be read.</summary>
    public T? Get<T>(string name)
        where T : struct => _values.TryGetValue(name, out var value) ? (T)value : null;

    /// <summary>Likewise; null also for an empty text.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out var value) && value is string { Length: > 0 } text ? text : null;

    /// <summary>A whole number of 32 bits. One beyond is reported.</summary>
    public int? Int(string name)
    {
        if (Get<long>(name) is not { } value)
            return null;
        if (value is >= int.MinValue and <= int.MaxValue)
            return (int)value;
        Report(name, $"It must be a whole number of 32 bits, and is {value}.");
        return null;
    }

    /// <summary>Says what is wrong with a field.</summary>
    public void Report(string name, string description) => problems.Add(new(path + name, description));

    /// <summary>Reads an object; everything wrong is reported.</summary>
    public void Read(JsonElement json, IReadOnlyList<WebUiField> fields)
    {
        HashSet<string> seen = [];
        foreach (var property in json.EnumerateObject())
        {
            var name = MessageReader.NameOf(property);
            if (fields.FirstOrDefault(f => f.Name == name) is not { } field)
                Report(name, "There is no such field.");
            else if (!seen.Add(field.Name))
                Report(field.Name, "It is there more than once.");
            else if (property.Value.ValueKind != JsonValueKind.Null)
                Read(property.Value, field);
        }

        foreach (var field in fields.Where(f => f.Allows is not null && (!f.OfMask || Has("mask"))))
        {
            if (_values.TryGetValue(field.Name, out var value) && !field.Allows!(value))
                Report(field.Name, $"This server cannot do that: it must be {field.Allowed}.");
        }
    }

    private void Read(JsonElement json, WebUiField field)
    {
        var (value, expected) = field.Read(json);
        if (value is null)
            Report(field.Name, $"It must be {expected}.");
        else
            _values[field.Name] = value;
    }
}
