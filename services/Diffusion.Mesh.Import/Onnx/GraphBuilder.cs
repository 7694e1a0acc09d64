using System.Runtime.InteropServices;
using Diffusion.Mesh.Import.Weights;
using Google.Protobuf;
using static Diffusion.Mesh.Import.Onnx.TensorProto.Types;

namespace Diffusion.Mesh.Import.Onnx;

/// <summary>Builds a graph from its inputs on: each operator follows what it needs.</summary>
/// <param name="name">The graph's name.</param>
/// <param name="precision">Of weights, inputs and outputs.</param>
internal sealed class GraphBuilder(string name, Precision precision)
{
    // Opset 20 is the first with Gelu; what is newer has fewer kernels.
    private const int IrVersion = 9;
    private const int Opset = 20;
    private const string Contrib = "com.microsoft";
    private const int PictureRank = 4;

    private readonly GraphProto _graph = new() { Name = name };
    private readonly List<GraphWeight> _weights = [];
    private readonly Dictionary<string, Value> _constants = [];
    private bool _usesContrib;

    public Precision Precision { get; } = precision;

    /// <summary>An input of the graph's precision.</summary>
    /// <param name="shape">The second length of a picture, the last one of anything else is the value's width.</param>
    public Value Input(string name, params ReadOnlySpan<Dimension> shape) => Input(name, Precision.DataType(), shape);

    /// <inheritdoc cref="Input(string, ReadOnlySpan{Dimension})"/>
    public Value Input(string name, DataType type, params ReadOnlySpan<Dimension> shape)
    {
        _graph.Input.Add(Port(name, type, shape));
        return new Value(name, shape[shape.Length == PictureRank ? 1 : ^1].Length);
    }

    /// <summary>Gives a value to the outside under a name of its own.</summary>
    public void Output(string name, Value value, params ReadOnlySpan<Dimension> shape)
    {
        Add("Identity", "", [value], [name], []);
        _graph.Output.Add(Port(name, Precision.DataType(), shape));
    }

    /// <summary>A tensor of the checkpoint.</summary>
    /// <param name="name">Its name in the graph.</param>
    /// <param name="shape">As many elements as the tensor has, in the same order.</param>
    public Value Weight(string name, StoredTensor tensor, params ReadOnlySpan<long> shape)
    {
        var initializer = new TensorProto { Name = name, DataType = Precision.DataType(), Dims = { shape.ToArray() } };
        _graph.Initializer.Add(initializer);
        _weights.Add(new GraphWeight(initializer, tensor));
        return new Value(name);
    }

    /// <summary>A constant list of whole numbers; equal ones are one.</summary>
    public Value Integers(params ReadOnlySpan<long> values) =>
        Constant($"integers {string.Join(' ', values.ToArray())}", DataType.Int64, MemoryMarshal.AsBytes(values), values.Length);

    /// <summary>A constant whole number; equal ones are one.</summary>
    public Value Integer(long value) => Constant($"integer {value}", DataType.Int64, MemoryMarshal.AsBytes([value]));

    /// <summary>A constant of the graph's precision.</summary>
    public Value Numbers(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        if (Precision == Precision.Float32)
            return Floats(name, values, shape);
        var halves = new Half[values.Length];
        for (var i = 0; i < halves.Length; i++)
            halves[i] = (Half)values[i];
        return Constant(name, DataType.Float16, MemoryMarshal.AsBytes(halves.AsSpan()), shape);
    }

    /// <summary>A constant of float32, whatever the graph's precision.</summary>
    public Value Floats(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Constant(name, DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>An operator of ONNX. Its result is taken to be as wide as its first input.</summary>
    public Value Apply(string operation, ReadOnlySpan<Value> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        Apply(operation, "", inputs, attributes);

    /// <summary>An operator of ONNX Runtime. Its result is taken to be as wide as its first input.</summary>
    public Value ApplyContrib(string operation, ReadOnlySpan<Value> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        _usesContrib = true;
        return Apply(operation, Contrib, inputs, attributes);
    }

    /// <summary>An operator of ONNX that takes one value apart into several that are equally wide.</summary>
    public Value[] Pieces(string operation, int outputs, Value input, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = NodeName(operation);
        string[] names = [.. Enumerable.Range(0, outputs).Select(i => $"{node}.{i}")];
        Add(operation, "", [input], names, attributes);
        return Array.ConvertAll(names, n => new Value(n, input.Width / outputs));
    }

    /// <summary>The graph, when everything is in it.</summary>
    public OnnxModel Build()
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "Diffusion Mesh", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        if (_usesContrib)
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = Contrib, Version = 1 });
        return new OnnxModel(model, _weights, Precision);
    }

    private Value Apply(string operation, string domain, ReadOnlySpan<Value> inputs, ReadOnlySpan<AttributeProto> attributes)
    {
        var output = NodeName(operation);
        Add(operation, domain, inputs, [output], attributes);
        return new Value(output, inputs[0].Width);
    }

    private void Add(string operation, string domain, ReadOnlySpan<Value> inputs, string[] outputs, ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { Name = NodeName(operation), OpType = operation, Domain = domain, Output = { outputs } };
        foreach (var input in inputs)
            node.Input.Add(input.Name);
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute);
        _graph.Node.Add(node);
    }

    private string NodeName(string operation) => $"{operation}_{_graph.Node.Count}";

    private Value Constant(string name, DataType type, ReadOnlySpan<byte> data, params ReadOnlySpan<long> shape)
    {
        if (_constants.TryGetValue(name, out var known))
            return known;
        _graph.Initializer.Add(new TensorProto { Name = name, DataType = type, Dims = { shape.ToArray() }, RawData = ByteString.CopyFrom(data) });
        return _constants[name] = new Value(name);
    }

    private static ValueInfoProto Port(string name, DataType type, ReadOnlySpan<Dimension> dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in dimensions)
            shape.Dim.Add(dimension.ToProto());
        var tensor = new TypeProto.Types.Tensor { ElemType = type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
