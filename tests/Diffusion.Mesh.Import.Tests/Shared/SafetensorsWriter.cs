using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Import.Tests;

/// <summary>Writes safetensors files as tests need them, right or wrong.</summary>
internal sealed class SafetensorsWriter
{
    private readonly JsonObject _header = [];
    private readonly MemoryStream _data = new();

    public SafetensorsWriter Add(string name, float[] values, params long[] shape) =>
        Add(name, "F32", MemoryMarshal.AsBytes(values.AsSpan()), shape.Length == 0 ? [values.Length] : shape);

    public SafetensorsWriter AddHalf(string name, float[] values, params long[] shape) =>
        Add(name, "F16", MemoryMarshal.AsBytes(values.Select(v => (Half)v).ToArray().AsSpan()), shape);

    public SafetensorsWriter Add(string name, string type, ReadOnlySpan<byte> bytes, params long[] shape)
    {
        var begin = _data.Length;
        _data.Write(bytes);
        _header[name] = new JsonObject
        {
            ["dtype"] = type,
            ["shape"] = new JsonArray([.. shape.Select(d => (JsonNode)d)]),
            ["data_offsets"] = new JsonArray(begin, _data.Length),
        };
        return this;
    }

    public SafetensorsWriter Metadata(string key, string value)
    {
        if (_header["__metadata__"] is null)
            _header["__metadata__"] = new JsonObject();
        _header["__metadata__"]![key] = value;
        return this;
    }

    public byte[] ToArray() => Compose(_header.ToJsonString(), _data.ToArray());

    public string Save(string path)
    {
        File.WriteAllBytes(path, ToArray());
        return path;
    }

    /// <summary>A file of this header and these bytes, whatever they say.</summary>
    public static byte[] Compose(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }
}
