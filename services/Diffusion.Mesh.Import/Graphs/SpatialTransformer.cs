using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>Transformer blocks over the places of a picture (Rombach et al. 2022), added to what came in.</summary>
internal static class SpatialTransformer
{
    private const double NormEpsilon = 1e-6;

    /// <param name="x">[rows, channels, height, width].</param>
    /// <param name="context">[rows, tokens, context width].</param>
    public static Value Build(Module transformer, Value x, Value context, int groups, int heads)
    {
        var graph = transformer.Graph;
        var (enter, leave) = (transformer["proj_in"], transformer["proj_out"]);
        // The two forms that checkpoints have mean the same and round differently.
        var isLinear = enter.ShapeOf("weight", 2).Rank == 2;
        var h = transformer["norm"].GroupNorm(x, groups, NormEpsilon);
        h = isLinear ? enter.Linear(graph.ToTokens(h)) : graph.ToTokens(enter.Convolution(h));
        foreach (var block in transformer.List("transformer_blocks"))
            h = TransformerBlock.Build(block, h, context, heads);
        h = isLinear ? graph.ToPicture(leave.Linear(h, x.Width), x) : leave.Convolution(graph.ToPicture(h, x), x.Width);
        return graph.Add(h, x);
    }
}
