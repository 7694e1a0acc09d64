using System.Text.Json;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Safetensors;

/// <summary>Reads a header token by token: what is not asked for is never kept.</summary>
internal ref struct SafetensorsHeaderParser(ReadOnlySpan<byte> json, long dataLength)
{
    private const string MetadataKey = "__metadata__";
    private const int HighestRank = 8;

    private readonly long _dataLength = dataLength;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Utf8JsonReader _reader = new(json);

    public List<SafetensorsEntry> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public void Parse()
    {
        Require(_reader.Read() && _reader.TokenType == JsonTokenType.StartObject, "has a header that is not a JSON object");
        while (NextProperty() is { } name)
        {
            Require(_names.Add(name), $"declares '{Short(name)}' twice");
            if (name == MetadataKey)
                ReadMetadata();
            else
                Entries.Add(ReadEntry(name));
        }

        // To the end: text behind the object is an error too.
        _reader.Read();
    }

    private void ReadMetadata()
    {
        Require(_reader.TokenType == JsonTokenType.StartObject, $"has a {MetadataKey} that is not an object");
        while (NextProperty() is { } key)
        {
            Require(_reader.TokenType == JsonTokenType.String, $"has a {MetadataKey} with something else than strings");
            Metadata[key] = _reader.GetString()!;
        }
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        var shown = Short(name);
        Require(_reader.TokenType == JsonTokenType.StartObject, $"declares '{shown}' by something else than an object");
        string? typeName = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (NextProperty() is { } key)
        {
            switch (key)
            {
                case "dtype":
                    Require(_reader.TokenType == JsonTokenType.String, $"has a tensor '{shown}' whose dtype is not a string");
                    typeName = _reader.GetString();
                    break;
                case "shape":
                    shape = ReadNumbers(shown, key, HighestRank);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(shown, key, 2);
                    break;
                default:
                    throw new SafetensorsException($"has a tensor '{shown}' with an unknown field '{Short(key)}'");
            }
        }

        if (typeName is null || shape is null || offsets is not [var begin, var end])
            throw new SafetensorsException($"has a tensor '{shown}' without its dtype, shape or data_offsets");
        var type = SafetensorsTypes.Find(typeName)
            ?? throw new SafetensorsException($"has a tensor '{shown}' of an unknown type '{Short(typeName)}'");
        Require(begin <= end, $"has a tensor '{shown}' that ends before it begins");
        Require(end <= _dataLength, $"is truncated: the tensor '{shown}' ends {end} bytes behind the header, and there are {_dataLength}");
        Require(Bytes(shape, type) == end - begin, $"has a tensor '{shown}' whose bytes do not fit its shape");
        return new SafetensorsEntry(name, type, new TensorShape([.. shape]), begin, end - begin);
    }

    /// <summary>The next name in the object, with the reader on its value; null at the object's end.</summary>
    private string? NextProperty()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName)
            return null;
        var name = _reader.GetString();
        _reader.Read();
        return name;
    }

    private List<long> ReadNumbers(string tensor, string field, int most)
    {
        Require(_reader.TokenType == JsonTokenType.StartArray, $"has a tensor '{tensor}' whose {field} is not a list");
        var numbers = new List<long>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            Require(numbers.Count < most, $"has a tensor '{tensor}' whose {field} has more than {most} numbers");
            long number = -1;
            var whole = _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out number);
            Require(whole && number >= 0, $"has a tensor '{tensor}' whose {field} holds something else than whole numbers of 0 or more");
            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>The bytes that a shape takes; -1 where no file can hold them.</summary>
    private static long Bytes(List<long> shape, StoredType type)
    {
        Int128 bytes = type.Size();
        foreach (var dimension in shape)
        {
            bytes *= dimension;
            if (bytes > long.MaxValue)
                return -1;
        }

        return (long)bytes;
    }

    private static string Short(string name) => name.Length <= 200 ? name : name[..200] + "...";

    private static void Require(bool condition, string problem)
    {
        if (!condition)
            throw new SafetensorsException(problem);
    }
}
