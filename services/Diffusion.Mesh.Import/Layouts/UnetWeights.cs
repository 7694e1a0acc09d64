namespace Diffusion.Mesh.Import.Layouts;

/// <summary>Every weight of a UNet of a given structure, under its name in diffusers and in the original code.</summary>
internal sealed class UnetWeights
{
    private readonly UnetStructure _unet;
    private readonly WeightTable _table = new();
    private readonly Stack<long> _skips = new();
    private long _channels;
    private int _block;

    private UnetWeights(UnetStructure unet) => (_unet, _channels) = (unet, unet.Levels[0].Channels);

    public static IReadOnlyList<Weight> Of(UnetStructure unet)
    {
        var weights = new UnetWeights(unet);
        weights.Embeddings();
        weights.WayDown();
        weights.Middle();
        weights.WayUp();
        return weights._table.Weights;
    }

    private void Embeddings()
    {
        _table.Linear("time_embedding.linear_1", "time_embed.0", _channels, _unet.TimeWidth);
        _table.Linear("time_embedding.linear_2", "time_embed.2", _unet.TimeWidth, _unet.TimeWidth);
        if (_unet.GuidanceWidth > 0)
            _table.Linear("time_embedding.cond_proj", "time_embed.cond_proj", _unet.GuidanceWidth, _channels, bias: false);
        if (_unet.AddedWidth > 0)
        {
            _table.Linear("add_embedding.linear_1", "label_emb.0.0", _unet.AddedWidth, _unet.TimeWidth);
            _table.Linear("add_embedding.linear_2", "label_emb.0.2", _unet.TimeWidth, _unet.TimeWidth);
        }
    }

    private void WayDown()
    {
        _table.Convolution("conv_in", "input_blocks.0.0", _unet.InChannels, _channels);
        _skips.Push(_channels);
        _block = 1;
        for (var level = 0; level < _unet.Levels.Length; level++)
        {
            var (channels, depths, _) = _unet.Levels[level];
            for (var layer = 0; layer < depths.Length; layer++, _block++)
            {
                Resnet($"down_blocks.{level}.resnets.{layer}", $"input_blocks.{_block}.0", _channels, channels);
                Transformer($"down_blocks.{level}.attentions.{layer}", $"input_blocks.{_block}.1", channels, depths[layer]);
                _skips.Push(_channels = channels);
            }

            if (level == _unet.Levels.Length - 1)
                break;
            _table.Convolution($"down_blocks.{level}.downsamplers.0.conv", $"input_blocks.{_block++}.0.op", channels, channels);
            _skips.Push(channels);
        }
    }

    private void Middle()
    {
        if (_unet.MiddleResnets > 0)
            Resnet("mid_block.resnets.0", "middle_block.0", _channels, _channels);
        Transformer("mid_block.attentions.0", "middle_block.1", _channels, _unet.MiddleDepth);
        if (_unet.MiddleResnets > 1)
            Resnet("mid_block.resnets.1", "middle_block.2", _channels, _channels);
    }

    private void WayUp()
    {
        _block = 0;
        for (var up = 0; up < _unet.Levels.Length; up++)
        {
            var (channels, _, depths) = _unet.Levels[^(up + 1)];
            for (var layer = 0; layer < depths.Length; layer++, _block++)
            {
                var skip = _skips.TryPop(out var width) ? width : 0;
                Resnet($"up_blocks.{up}.resnets.{layer}", $"output_blocks.{_block}.0", _channels + skip, channels);
                Transformer($"up_blocks.{up}.attentions.{layer}", $"output_blocks.{_block}.1", channels, depths[layer]);
                _channels = channels;
            }

            if (up == _unet.Levels.Length - 1)
                break;
            // In the original it follows the last layer's attention where that has one.
            var place = depths is [.., > 0] ? 2 : 1;
            _table.Convolution($"up_blocks.{up}.upsamplers.0.conv", $"output_blocks.{_block - 1}.{place}.conv", channels, channels);
        }

        _table.Norm("conv_norm_out", "out.0", _channels);
        _table.Convolution("conv_out", "out.2", _channels, _unet.OutChannels);
    }

    private void Resnet(string name, string original, long input, long output)
    {
        _table.Norm($"{name}.norm1", $"{original}.in_layers.0", input);
        _table.Convolution($"{name}.conv1", $"{original}.in_layers.2", input, output);
        _table.Linear($"{name}.time_emb_proj", $"{original}.emb_layers.1", _unet.TimeWidth, output);
        _table.Norm($"{name}.norm2", $"{original}.out_layers.0", output);
        _table.Convolution($"{name}.conv2", $"{original}.out_layers.3", output, output);
        if (input != output)
            _table.Convolution($"{name}.conv_shortcut", $"{original}.skip_connection", input, output, kernel: 1);
    }

    private void Transformer(string name, string original, long width, int depth)
    {
        if (depth == 0)
            return;
        _table.Norm($"{name}.norm", $"{original}.norm", width);
        Projection("proj_in");
        for (var block = 0; block < depth; block++)
            TransformerBlock($"{name}.transformer_blocks.{block}", $"{original}.transformer_blocks.{block}", width);
        Projection("proj_out");

        void Projection(string layer)
        {
            if (_unet.LinearProjections)
                _table.Linear($"{name}.{layer}", $"{original}.{layer}", width, width);
            else
                _table.Convolution($"{name}.{layer}", $"{original}.{layer}", width, width, kernel: 1);
        }
    }

    private void TransformerBlock(string name, string original, long width)
    {
        foreach (var norm in new[] { "norm1", "norm2", "norm3" })
            _table.Norm($"{name}.{norm}", $"{original}.{norm}", width);
        foreach (var (attention, context) in new[] { ("attn1", width), ("attn2", _unet.ContextWidth) })
        {
            _table.Linear($"{name}.{attention}.to_q", $"{original}.{attention}.to_q", width, width, bias: false);
            _table.Linear($"{name}.{attention}.to_k", $"{original}.{attention}.to_k", context, width, bias: false);
            _table.Linear($"{name}.{attention}.to_v", $"{original}.{attention}.to_v", context, width, bias: false);
            _table.Linear($"{name}.{attention}.to_out.0", $"{original}.{attention}.to_out.0", width, width);
        }

        // Value and gate lie in one layer, each four times as wide.
        _table.Linear($"{name}.ff.net.0.proj", $"{original}.ff.net.0.proj", width, 8 * width);
        _table.Linear($"{name}.ff.net.2", $"{original}.ff.net.2", 4 * width, width);
    }
}
