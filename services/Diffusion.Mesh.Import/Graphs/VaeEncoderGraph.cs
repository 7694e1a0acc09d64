using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>The encoder of a variational autoencoder (Kingma and Welling 2014): pictures to the mean and log-variance of their latents.</summary>
internal static class VaeEncoderGraph
{
    /// <summary>
    /// [rows, 3, height, width] to [rows, twice the latent channels, height / scale, width / scale]; nothing is drawn and nothing scaled.
    /// </summary>
    /// <exception cref="ImportException">A tensor is missing or has another shape.</exception>
    public static OnnxModel Build(CheckpointPart weights, VaeSettings settings, Precision precision)
    {
        var graph = new GraphBuilder("vae_encoder", precision);
        var vae = new Module(graph, weights);
        var encoder = vae["encoder"];
        var channels = encoder["conv_in"].ShapeOf("weight", 4)[1];
        var h = encoder["conv_in"].Convolution(graph.Input("sample", Lengths.Rows, channels, Lengths.PictureHeight, Lengths.PictureWidth));
        foreach (var level in encoder.List("down_blocks"))
            h = Down(level, h, settings.NormGroups);
        h = VaeBlocks.Middle(encoder["mid_block"], h, settings.NormGroups);
        h = VaeBlocks.Out(encoder, h, settings.NormGroups);
        // Some autoencoders have none.
        if (vae["quant_conv"].Exists)
            h = vae["quant_conv"].Convolution(h, h.Width);
        graph.Output("latent_parameters", h, Lengths.Rows, h.Width, Lengths.Height, Lengths.Width);
        return graph.Build();
    }

    private static Value Down(Module level, Value h, int groups)
    {
        h = VaeBlocks.ResNets(level, h, groups);
        // Padded beneath and to the right only.
        return level["downsamplers"].Exists ? level["downsamplers", 0]["conv"].Convolution(h, h.Width, 2, 0, 0, 1, 1) : h;
    }
}
