using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>The decoder of a variational autoencoder (Kingma and Welling 2014): latents to pictures.</summary>
internal static class VaeDecoderGraph
{
    /// <summary>[rows, latent channels, height, width], unscaled, to [rows, 3, height * scale, width * scale], -1 to 1.</summary>
    /// <exception cref="ImportException">A tensor is missing or has another shape.</exception>
    public static OnnxModel Build(CheckpointPart weights, VaeSettings settings, Precision precision)
    {
        var graph = new GraphBuilder("vae_decoder", precision);
        var vae = new Module(graph, weights);
        var decoder = vae["decoder"];
        var h = graph.Input("latent_sample", Lengths.Rows, decoder["conv_in"].ShapeOf("weight", 4)[1], Lengths.Height, Lengths.Width);
        // Some autoencoders have none.
        if (vae["post_quant_conv"].Exists)
            h = vae["post_quant_conv"].Convolution(h, h.Width);
        h = VaeBlocks.Middle(decoder["mid_block"], decoder["conv_in"].Convolution(h), settings.NormGroups);
        foreach (var level in decoder.List("up_blocks"))
            h = Up(level, h, settings.NormGroups);
        h = VaeBlocks.Out(decoder, h, settings.NormGroups);
        graph.Output("sample", h, Lengths.Rows, h.Width, Lengths.PictureHeight, Lengths.PictureWidth);
        return graph.Build();
    }

    private static Value Up(Module level, Value h, int groups)
    {
        h = VaeBlocks.ResNets(level, h, groups);
        return level["upsamplers"].Exists ? level["upsamplers", 0]["conv"].Convolution(level.Graph.UpsampleTwice(h), h.Width) : h;
    }
}
