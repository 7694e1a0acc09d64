using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>What the two halves of an autoencoder share.</summary>
internal static class VaeBlocks
{
    private const double NormEpsilon = 1e-6;

    /// <summary>A level's ResNet blocks.</summary>
    public static Value ResNets(Module level, Value h, int groups)
    {
        foreach (var block in level.List("resnets"))
            h = ResNetBlock.Build(block, h, time: null, groups, NormEpsilon);
        return h;
    }

    /// <summary>ResNet block, attention over all places, ResNet block.</summary>
    public static Value Middle(Module middle, Value h, int groups)
    {
        h = ResNetBlock.Build(middle["resnets", 0], h, time: null, groups, NormEpsilon);
        if (middle["attentions"].Exists)
            h = Attend(middle["attentions", 0], h, groups);
        return ResNetBlock.Build(middle["resnets", 1], h, time: null, groups, NormEpsilon);
    }

    /// <summary>Norm, SiLU and the last convolution.</summary>
    public static Value Out(Module half, Value h, int groups) =>
        half["conv_out"].Convolution(half.Graph.Silu(half["conv_norm_out"].GroupNorm(h, groups, NormEpsilon)));

    private static Value Attend(Module attention, Value x, int groups)
    {
        var graph = attention.Graph;
        var tokens = graph.ToTokens(attention["group_norm"].GroupNorm(x, groups, NormEpsilon));
        return graph.Add(graph.ToPicture(Attention.Autoencoder.Build(attention, tokens, tokens, heads: 1), x), x);
    }
}
