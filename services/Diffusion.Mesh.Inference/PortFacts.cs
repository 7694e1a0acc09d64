using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Diffusion.Mesh.Inference;

/// <summary>What an ONNX file says of one input or output.</summary>
/// <param name="Type">Its element type.</param>
/// <param name="Dimensions">Its dimensions, -1 where any length is taken.</param>
public sealed record PortFacts(ElementType Type, IReadOnlyList<int> Dimensions)
{
    /// <summary>Number of dimensions.</summary>
    public int Rank => Dimensions.Count;

    /// <summary>True when a tensor of this type and shape can be given.</summary>
    public bool Accepts(ElementType type, IReadOnlyList<int> shape) =>
        type == Type && shape.Count == Rank && !shape.Where((length, i) => Dimensions[i] > 0 && Dimensions[i] != length).Any();

    /// <inheritdoc/>
    public override string ToString() => $"{Type} [{string.Join(", ", Dimensions.Select(d => d < 0 ? "any" : d.ToString()))}]";

    internal TensorElementType OnnxType => Type switch
    {
        ElementType.Float16 => TensorElementType.Float16,
        ElementType.Int64 => TensorElementType.Int64,
        ElementType.Int32 => TensorElementType.Int32,
        _ => TensorElementType.Float,
    };

    /// <summary>The facts, or null when the element type is none that a diffusion model has.</summary>
    internal static PortFacts? From(NodeMetadata metadata)
    {
        if (!metadata.IsTensor)
            return null;
        ElementType? type = metadata.ElementDataType switch
        {
            TensorElementType.Float => ElementType.Float32,
            TensorElementType.Float16 => ElementType.Float16,
            TensorElementType.Int64 => ElementType.Int64,
            TensorElementType.Int32 => ElementType.Int32,
            _ => null,
        };
        return type is { } known ? new PortFacts(known, metadata.Dimensions) : null;
    }
}
