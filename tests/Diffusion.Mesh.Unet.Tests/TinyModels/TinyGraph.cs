using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>Builds ONNX graphs operator by operator.</summary>
internal sealed class TinyGraph
{
    public const int Float32 = 1;
    public const int Int64 = 7;
    public const int Float16 = 10;

    // What ONNX Runtime of every supported version reads.
    private const int IrVersion = 8;
    private const int Opset = 17;

    private readonly GraphProto _graph = new() { Name = "unet" };

    /// <param name="dimensions">-1 where any length is taken.</param>
    public string Input(string name, int type, params int[] dimensions)
    {
        _graph.Input.Add(Port(name, type, dimensions));
        return name;
    }

    public void Output(string name, string value, int type, params int[] dimensions)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Input = { value }, Output = { name } });
        _graph.Output.Add(Port(name, type, dimensions));
    }

    public string Floats(float[] values, params long[] dimensions) => Constant(Float32, MemoryMarshal.AsBytes(values.AsSpan()), dimensions);

    public string Integers(params long[] values) => Constant(Int64, MemoryMarshal.AsBytes(values.AsSpan()), [values.Length]);

    public string Apply(string operation, params string[] inputs) => Apply(operation, inputs, []);

    public string Cast(string value, int type) => Apply("Cast", [value], [new AttributeProto { Name = "to", I = type, Type = 2 }]);

    /// <summary>The mean over every dimension but the first, [rows, 1, 1].</summary>
    public string MeanOfRows(string value) => Apply("ReduceMean", [value], [new AttributeProto { Name = "axes", Ints = { 1, 2 }, Type = 7 }]);

    public byte[] ToBytes()
    {
        var model = new ModelProto { IrVersion = IrVersion, Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        return model.ToByteArray();
    }

    private string Apply(string operation, string[] inputs, AttributeProto[] attributes)
    {
        var output = $"value_{_graph.Node.Count}";
        _graph.Node.Add(new NodeProto { OpType = operation, Input = { inputs }, Output = { output }, Attribute = { attributes } });
        return output;
    }

    private string Constant(int type, ReadOnlySpan<byte> data, long[] dimensions)
    {
        var name = $"constant_{_graph.Initializer.Count}";
        _graph.Initializer.Add(new TensorProto { Name = name, DataType = type, Dims = { dimensions }, RawData = ByteString.CopyFrom(data) });
        return name;
    }

    private static ValueInfoProto Port(string name, int type, int[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var (length, i) in dimensions.Select((length, i) => (length, i)))
            shape.Dim.Add(length < 0 ? new Dimension { DimParam = $"{name}_{i}" } : new Dimension { DimValue = length });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = type, Shape = shape } } };
    }
}
