using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.TextEncoder.Tests;

/// <summary>Reads answers.</summary>
internal static class Wire
{
    public static TensorData Read(this Tensor message) => TensorMessages.Read(message, out var problem) ?? throw new InvalidDataException(problem);

    public static TensorData Input(this Conditioning conditioning, string name) =>
        Assert.Single(conditioning.Tensors, t => t.Name == name).Tensor.Read();

    public static TensorData Hidden(this EncodedText text) => text.Conditioning.Input("encoder_hidden_states");

    public static void AssertSameBits(TensorData expected, TensorData actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.True(expected.Data.Span.SequenceEqual(actual.Data.Span), "The bits differ.");
    }

    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= tolerance, $"Element {i} is {actual[i]}, and {expected[i]} was expected.");
    }
}
