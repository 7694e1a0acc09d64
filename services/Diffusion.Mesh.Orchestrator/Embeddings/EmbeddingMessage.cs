using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// A text's embedding as the cache keeps it: an <see cref="EncodedText"/> in protobuf's binary form, in which tensors are raw bytes.
/// </summary>
internal static class EmbeddingMessage
{
    private const string HiddenStates = "encoder_hidden_states";

    public static ReadOnlyMemory<byte> Write(EncodedText text) => text.ToByteArray();

    /// <summary>The embedding; null: it cannot be read, or has another shape than the model's.</summary>
    public static EncodedText? Read(ReadOnlyMemory<byte> bytes, ModelFacts model)
    {
        try
        {
            var text = EncodedText.Parser.ParseFrom(bytes.Span);
            return text.Conditioning is { Tensors.Count: > 0 } conditioning && conditioning.Tensors.All(tensor => IsWhole(tensor.Tensor))
                && conditioning.Tensors.Where(tensor => tensor.Name == HiddenStates).All(tensor => Fits(tensor.Tensor, model)) ? text : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static bool IsWhole(Tensor? tensor) =>
        tensor is not null && Size(tensor.Dtype) is var size and > 0 && tensor.Shape.All(side => side is > 0 and <= int.MaxValue)
        && tensor.Shape.Aggregate((UInt128)size, (bytes, side) => bytes > int.MaxValue ? bytes : bytes * (UInt128)side) == (UInt128)tensor.Data.Length;

    // One text, whole windows, the width that the UNet takes.
    private static bool Fits(Tensor tensor, ModelFacts model) =>
        tensor.Shape is [1, var tokens, var width] && tokens % model.TextWindow == 0 && width == model.Unet.ContextWidth;

    private static int Size(DataType type) => type switch
    {
        DataType.Float32 or DataType.Int32 => 4,
        DataType.Float16 => 2,
        DataType.Int64 => 8,
        _ => 0,
    };
}
