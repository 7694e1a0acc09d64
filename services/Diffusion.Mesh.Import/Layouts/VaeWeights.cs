using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Layouts;

/// <summary>Every weight of an autoencoder of a given structure, under its name in diffusers and in the original code.</summary>
internal sealed class VaeWeights
{
    private static readonly (string Name, string Original, string Old)[] AttentionLayers =
        [("to_q", "q", "query"), ("to_k", "k", "key"), ("to_v", "v", "value"), ("to_out.0", "proj_out", "proj_attn")];

    private readonly VaeStructure _vae;
    private readonly WeightTable _table = new();

    private VaeWeights(VaeStructure vae) => _vae = vae;

    public static IReadOnlyList<Weight> Of(VaeStructure vae)
    {
        var weights = new VaeWeights(vae);
        weights.Encoder();
        weights.Decoder();
        if (vae.QuantConvolutions)
        {
            weights.Quantization("quant_conv", "encoder", 2 * vae.LatentChannels);
            weights.Quantization("post_quant_conv", "decoder", vae.LatentChannels);
        }

        return weights._table.Weights;
    }

    private void Encoder()
    {
        var channels = _vae.Encoder[0].Channels;
        _table.Convolution("encoder.conv_in", "encoder.conv_in", _vae.ImageChannels, channels);
        for (var level = 0; level < _vae.Encoder.Length; level++)
        {
            for (var layer = 0; layer < _vae.Encoder[level].Layers; layer++)
            {
                Resnet($"encoder.down_blocks.{level}.resnets.{layer}", $"encoder.down.{level}.block.{layer}", channels, _vae.Encoder[level].Channels);
                channels = _vae.Encoder[level].Channels;
            }

            if (level < _vae.Encoder.Length - 1)
                _table.Convolution($"encoder.down_blocks.{level}.downsamplers.0.conv", $"encoder.down.{level}.downsample.conv", channels, channels);
        }

        Middle("encoder", channels);
        _table.Norm("encoder.conv_norm_out", "encoder.norm_out", channels);
        _table.Convolution("encoder.conv_out", "encoder.conv_out", channels, 2 * _vae.LatentChannels);
    }

    private void Decoder()
    {
        var channels = _vae.Decoder[0].Channels;
        _table.Convolution("decoder.conv_in", "decoder.conv_in", _vae.LatentChannels, channels);
        Middle("decoder", channels);
        for (var level = 0; level < _vae.Decoder.Length; level++)
        {
            // The original counts the levels from the picture.
            var original = $"decoder.up.{_vae.Decoder.Length - 1 - level}";
            for (var layer = 0; layer < _vae.Decoder[level].Layers; layer++)
            {
                Resnet($"decoder.up_blocks.{level}.resnets.{layer}", $"{original}.block.{layer}", channels, _vae.Decoder[level].Channels);
                channels = _vae.Decoder[level].Channels;
            }

            if (level < _vae.Decoder.Length - 1)
                _table.Convolution($"decoder.up_blocks.{level}.upsamplers.0.conv", $"{original}.upsample.conv", channels, channels);
        }

        _table.Norm("decoder.conv_norm_out", "decoder.norm_out", channels);
        _table.Convolution("decoder.conv_out", "decoder.conv_out", channels, _vae.ImageChannels);
    }

    private void Middle(string half, long channels)
    {
        Resnet($"{half}.mid_block.resnets.0", $"{half}.mid.block_1", channels, channels);
        if (_vae.MiddleAttention)
            Attention($"{half}.mid_block.attentions.0", $"{half}.mid.attn_1", channels);
        Resnet($"{half}.mid_block.resnets.1", $"{half}.mid.block_2", channels, channels);
    }

    private void Attention(string name, string original, long channels)
    {
        _table.Norm($"{name}.group_norm", $"{original}.norm", channels);
        foreach (var (layer, originalLayer, old) in AttentionLayers)
        {
            Add("weight", new TensorShape(channels, channels));
            Add("bias", new TensorShape(channels));

            void Add(string leaf, TensorShape shape) => _table.Add(new Weight(
                $"{name}.{layer}.{leaf}",
                shape,
                new Spelling($"{name}.{layer}.{leaf}"), new Spelling($"{original}.{originalLayer}.{leaf}"), new Spelling($"{name}.{old}.{leaf}")));
        }
    }

    private void Resnet(string name, string original, long input, long output)
    {
        _table.Norm($"{name}.norm1", $"{original}.norm1", input);
        _table.Convolution($"{name}.conv1", $"{original}.conv1", input, output);
        _table.Norm($"{name}.norm2", $"{original}.norm2", output);
        _table.Convolution($"{name}.conv2", $"{original}.conv2", output, output);
        if (input != output)
            _table.Convolution($"{name}.conv_shortcut", $"{original}.nin_shortcut", input, output, kernel: 1);
    }

    /// <summary>Some exports have it inside the half that it belongs to.</summary>
    private void Quantization(string name, string half, long channels) =>
        _table.Convolution(name, $"{half}.{name}", channels, channels, kernel: 1);
}
