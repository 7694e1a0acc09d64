using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>Memory that ONNX Runtime reads or writes in place, and never moves.</summary>
internal sealed class BoundTensor
{
    private readonly PortFacts _port;
    private readonly byte[] _memory;
    private readonly long[] _rowShape;

    /// <param name="name">The input's or output's name in the file.</param>
    /// <param name="port">What the file says of it.</param>
    /// <param name="rowShape">The dimensions of one row.</param>
    /// <param name="rows">How many of them there is room for; 0: it has no rows, but is one value for all.</param>
    public BoundTensor(string name, PortFacts port, IEnumerable<int> rowShape, int rows)
    {
        (Name, _port, HasRows) = (name, port, rows > 0);
        _rowShape = [.. rowShape.Select(length => (long)length)];
        RowBytes = checked((int)_rowShape.Aggregate((long)Elements.Size(port.Type), (bytes, length) => bytes * length));
        _memory = GC.AllocateArray<byte>(checked(RowBytes * Math.Max(rows, 1)), pinned: true);
    }

    public string Name { get; }

    public bool HasRows { get; }

    public int RowBytes { get; }

    public Span<byte> Row(int row) => _memory.AsSpan(HasRows ? row * RowBytes : 0, RowBytes);

    public void Write(int row, ReadOnlySpan<float> values, int byteOffset = 0) => Elements.Write(values, _port.Type, Row(row)[byteOffset..]);

    public void Read(int row, Span<float> values) => Elements.Read(Row(row), _port.Type, values);

    /// <summary>The bytes that so many values take.</summary>
    public int Bytes(int values) => values * Elements.Size(_port.Type);

    /// <summary>The first rows, as ONNX Runtime sees them. Valid as long as this object is.</summary>
    public OrtValue Rows(int rows) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance,
        _port.OnnxType,
        HasRows ? [rows, .. _rowShape] : _rowShape,
        Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0),
        HasRows ? (long)rows * RowBytes : RowBytes);
}
