using Google.Protobuf;
using static Diffusion.Mesh.Import.Onnx.AttributeProto.Types;

namespace Diffusion.Mesh.Import.Onnx;

/// <summary>Makes operators' attributes.</summary>
internal static class NodeAttribute
{
    public static AttributeProto Of(string name, long value) => new() { Name = name, I = value, Type = AttributeType.Int };

    public static AttributeProto Of(string name, double value) => new() { Name = name, F = (float)value, Type = AttributeType.Float };

    public static AttributeProto Of(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeType.String };

    public static AttributeProto Of(string name, params ReadOnlySpan<long> values) =>
        new() { Name = name, Ints = { values.ToArray() }, Type = AttributeType.Ints };
}
