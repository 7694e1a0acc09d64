using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>Self-attention, attention to the context and gated layers, each behind a norm and added to what came in.</summary>
internal static class TransformerBlock
{
    private const double NormEpsilon = 1e-5;

    /// <param name="x">[rows, places, width].</param>
    /// <param name="context">[rows, tokens, context width].</param>
    public static Value Build(Module block, Value x, Value context, int heads)
    {
        var graph = block.Graph;
        var normal = block["norm1"].LayerNorm(x, NormEpsilon);
        x = graph.Add(x, Attention.Unet.Build(block["attn1"], normal, normal, heads));
        x = graph.Add(x, Attention.Unet.Build(block["attn2"], block["norm2"].LayerNorm(x, NormEpsilon), context, heads));
        return graph.Add(x, FeedForward.Build(block["ff"], block["norm3"].LayerNorm(x, NormEpsilon)));
    }
}
