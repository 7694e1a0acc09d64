using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Import.Recognition;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>A layer of CLIP's text encoder: self-attention, then two layers, each behind a norm and added to what came in.</summary>
internal static class ClipLayer
{
    /// <param name="x">[rows, window, width].</param>
    /// <param name="mask">Added to the scores, [1, 1, window, window].</param>
    public static Value Build(Module layer, Value x, Value mask, TextSettings settings)
    {
        var graph = layer.Graph;
        var normal = layer["layer_norm1"].LayerNorm(x, settings.LayerNormEpsilon);
        x = graph.Add(x, Attention.Clip.Build(layer["self_attn"], normal, normal, settings.Heads, mask));
        var wide = layer["mlp"]["fc1"].Linear(layer["layer_norm2"].LayerNorm(x, settings.LayerNormEpsilon));
        var active = settings.Activation == ClipActivation.QuickGelu ? graph.QuickGelu(wide) : graph.Gelu(wide);
        return graph.Add(x, layer["mlp"]["fc2"].Linear(active, x.Width));
    }
}
