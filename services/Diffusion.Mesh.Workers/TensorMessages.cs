using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Workers;

/// <summary>Tensors on the wire to tensors in memory and back.</summary>
public static class TensorMessages
{
    /// <summary>The wire form.</summary>
    public static Tensor ToMessage(this TensorData tensor)
    {
        var message = new Tensor { Dtype = ToMessage(tensor.Type), Data = ByteString.CopyFrom(tensor.Data.Span) };
        message.Shape.AddRange(tensor.Shape.Select(d => (long)d));
        return message;
    }

    /// <summary>The wire form of float32 values.</summary>
    public static Tensor ToMessage(ReadOnlySpan<float> values, IReadOnlyList<int> shape) => TensorData.From(values, shape).ToMessage();

    /// <summary>The wire form under a name.</summary>
    public static NamedTensor ToMessage(this TensorData tensor, string name) => new() { Name = name, Tensor = tensor.ToMessage() };

    /// <summary>Reads a tensor.</summary>
    /// <param name="problem">What is wrong with it, as a sentence; null when it is right.</param>
    /// <returns>The tensor, which shares the message's memory; null when something is wrong.</returns>
    public static TensorData? Read(Tensor? message, out string? problem)
    {
        problem = null;
        if (message is null)
            problem = "The tensor is missing.";
        else if (FromMessage(message.Dtype) is not { } type)
            problem = "The dtype must be FLOAT32, FLOAT16, INT64 or INT32.";
        else if (message.Shape.Any(d => d is < 1 or > int.MaxValue))
            problem = "Each dimension must be at least 1.";
        else if (message.Shape.Aggregate((UInt128)Elements.Size(type), (bytes, d) => bytes > int.MaxValue ? bytes : bytes * (UInt128)d) is var bytes
            && bytes != (UInt128)message.Data.Length)
            problem = $"The shape [{string.Join(", ", message.Shape)}] does not fit {message.Data.Length} bytes of {type}.";
        else
            return new TensorData(type, [.. message.Shape.Select(d => (int)d)], message.Data.Memory);
        return null;
    }

    private static DataType ToMessage(ElementType type) => type switch
    {
        ElementType.Float16 => DataType.Float16,
        ElementType.Int64 => DataType.Int64,
        ElementType.Int32 => DataType.Int32,
        _ => DataType.Float32,
    };

    private static ElementType? FromMessage(DataType type) => type switch
    {
        DataType.Float32 => ElementType.Float32,
        DataType.Float16 => ElementType.Float16,
        DataType.Int64 => ElementType.Int64,
        DataType.Int32 => ElementType.Int32,
        _ => null,
    };
}
