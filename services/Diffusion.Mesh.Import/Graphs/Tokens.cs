using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>The places of a picture as tokens, one line after the other.</summary>
internal static class Tokens
{
    /// <param name="x">[rows, channels, height, width].</param>
    /// <returns>[rows, height * width, channels].</returns>
    public static Value ToTokens(this GraphBuilder graph, Value x) => graph.Transpose(graph.Reshape(x, 0, 0, -1), 0, 2, 1);

    /// <param name="tokens">[rows, height * width, channels].</param>
    /// <param name="like">A picture of the shape that is wanted.</param>
    public static Value ToPicture(this GraphBuilder graph, Value tokens, Value like) => graph.ReshapeLike(graph.Transpose(tokens, 0, 2, 1), like);
}
