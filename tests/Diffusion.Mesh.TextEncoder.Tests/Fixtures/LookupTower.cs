using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Diffusion.Mesh.TextEncoder.Tests;

/// <summary>
/// Writes an ONNX file of a text tower that only looks up: each output is a table's rows by <c>input_ids</c>. For files of shapes and types that
/// exporters write and the reference's folder has none of.
/// </summary>
internal sealed class LookupTower
{
    private const int Float = 1;
    private const int Half = 10;

    private readonly List<(string Name, float[] Table, int Width)> _outputs = [];

    /// <summary>The ids' type: 6 for int32, 7 for int64.</summary>
    public int IdType { get; init; } = 7;

    /// <summary>Fixed number of rows; null: any.</summary>
    public int? Rows { get; init; }

    /// <summary>Outputs in half precision.</summary>
    public bool IsHalf { get; init; }

    public required int Window { get; init; }

    /// <param name="table">[vocabulary, width].</param>
    public LookupTower Output(string name, float[] table, int width)
    {
        _outputs.Add((name, table, width));
        return this;
    }

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), Message(model =>
        {
            Number(model, 1, 8);
            Bytes(model, 7, Message(Graph));
            Bytes(model, 8, Message(opset => Number(opset, 2, 17)));
        }));
    }

    private void Graph(CodedOutputStream graph)
    {
        foreach (var (name, _, _) in _outputs)
        {
            Bytes(graph, 1, Node("Gather", [$"{name}.table", "input_ids"], IsHalf ? $"{name}.float" : name));
            if (IsHalf)
                Bytes(graph, 1, Node("Cast", [$"{name}.float"], name, ("to", Half)));
        }

        Text(graph, 2, "lookup");
        foreach (var (name, table, width) in _outputs)
        {
            Bytes(graph, 5, Message(tensor =>
            {
                Number(tensor, 1, table.Length / width);
                Number(tensor, 1, width);
                Number(tensor, 2, Float);
                Text(tensor, 8, $"{name}.table");
                Bytes(tensor, 9, MemoryMarshal.AsBytes(table.AsSpan()).ToArray());
            }));
        }

        Bytes(graph, 11, Port("input_ids", IdType, Rows, Window));
        foreach (var (name, _, width) in _outputs)
            Bytes(graph, 12, Port(name, IsHalf ? Half : Float, Rows, Window, width));
    }

    private static byte[] Node(string type, string[] inputs, string output, (string Name, int Value)? attribute = null) => Message(node =>
    {
        foreach (var input in inputs)
            Text(node, 1, input);
        Text(node, 2, output);
        Text(node, 4, type);
        if (attribute is var (name, value))
        {
            Bytes(node, 5, Message(a =>
            {
                Text(a, 1, name);
                Number(a, 3, value);
                Number(a, 20, 2);
            }));
        }
    });

    private static byte[] Port(string name, int type, params int?[] dimensions) => Message(port =>
    {
        Text(port, 1, name);
        Bytes(port, 2, Message(t => Bytes(t, 1, Message(tensor =>
        {
            Number(tensor, 1, type);
            Bytes(tensor, 2, Message(shape =>
            {
                foreach (var length in dimensions)
                {
                    Bytes(shape, 1, Message(d =>
                    {
                        if (length is { } known)
                            Number(d, 1, known);
                        else
                            Text(d, 2, "batch");
                    }));
                }
            }));
        }))));
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using var stream = new CodedOutputStream(bytes);
        write(stream);
        stream.Flush();
        return bytes.ToArray();
    }

    private static void Bytes(CodedOutputStream stream, int field, byte[] value)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteBytes(ByteString.CopyFrom(value));
    }

    private static void Text(CodedOutputStream stream, int field, string value)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteString(value);
    }

    private static void Number(CodedOutputStream stream, int field, long value)
    {
        stream.WriteTag(field, WireFormat.WireType.Varint);
        stream.WriteInt64(value);
    }
}
