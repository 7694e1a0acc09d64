using System.Collections.Immutable;

namespace Diffusion.Mesh.Import.Layouts;

/// <summary>Reads an autoencoder's structure from the names and shapes of its tensors, in either layout.</summary>
internal static class VaeReader
{
    /// <exception cref="ImportException">A tensor that tells the structure is missing.</exception>
    public static VaeStructure Read(PartTensors vae)
    {
        var names = vae.Names;
        if (names.Has("decoder.layers") || names.Has("decoder.1") || !names.Has("encoder.conv_in"))
            throw new ImportException("The VAE is no autoencoder of Stable Diffusion (TAESD and others are not supported).");
        var diffusers = names.Has("decoder.mid_block");
        var encoder = diffusers ? Levels("encoder.down_blocks", "resnets") : Levels("encoder.down", "block");
        // The original counts the decoder's levels from the picture.
        var decoder = diffusers ? Levels("decoder.up_blocks", "resnets") : [.. Levels("decoder.up", "block").Reverse()];
        if (encoder.IsEmpty || decoder.IsEmpty)
            throw new ImportException("The VAE has no level.");
        return new VaeStructure(
            vae.Shape("encoder.conv_in.weight", 4)[1],
            vae.Shape("decoder.conv_in.weight", 4)[1],
            encoder,
            decoder,
            names.Has("quant_conv") || names.Has("encoder.quant_conv"),
            names.Has(diffusers ? "decoder.mid_block.attentions.0" : "decoder.mid.attn_1"));

        ImmutableArray<VaeLevel> Levels(string blocks, string layers) =>
        [
            .. Enumerable.Range(0, names.Count(blocks)).Select(i => new VaeLevel(
                vae.Shape($"{blocks}.{i}.{layers}.0.conv1.weight", 4)[0], names.Count($"{blocks}.{i}.{layers}"))),
        ];
    }
}
