using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>The gated layers of a transformer block (GEGLU, Shazeer 2020): the second half of the wide layer gates the first.</summary>
internal static class FeedForward
{
    /// <param name="x">[rows, tokens, width].</param>
    public static Value Build(Module layers, Value x)
    {
        var graph = layers.Graph;
        var (value, gate) = graph.Halve(layers["net.0.proj"].Linear(x));
        return layers["net.2"].Linear(graph.Multiply(value, graph.Gelu(gate)), x.Width);
    }
}
