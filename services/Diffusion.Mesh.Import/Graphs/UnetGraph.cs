using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>
/// The UNet of Stable Diffusion 1, 2 and XL and all their kin (Ronneberger et al. 2015, Rombach et al. 2022): which levels there are, how deep and
/// how wide they are and which of them attend to the text follows from the names and shapes of the weights.
/// </summary>
internal sealed class UnetGraph
{
    private readonly Module _unet;
    private readonly UnetSettings _settings;
    private readonly Value _sample;
    private readonly Value _time;
    private readonly Value _context;
    private readonly Stack<Value> _skips = [];

    private UnetGraph(Module unet, UnetSettings settings)
    {
        (_unet, _settings) = (unet, settings);
        _sample = unet.Graph.Input("sample", Lengths.Rows, unet["conv_in"].ShapeOf("weight", 4)[1], Lengths.Height, Lengths.Width);
        var timestep = unet.Graph.Input("timestep", TensorProto.Types.DataType.Float, Lengths.Rows);
        _context = unet.Graph.Input("encoder_hidden_states", Lengths.Rows, Lengths.Tokens, ContextWidth(unet.Part));
        _time = TimeEmbedding.Build(unet, timestep, settings.AddedTimeWidth);
    }

    /// <summary>
    /// Latents, a timestep for each row and the text's hidden states to a prediction; also <c>text_embeds</c> and <c>time_ids</c> (SDXL) and
    /// <c>timestep_cond</c> (LCM) where the weights have a place for them. Latents may have any height and width.
    /// </summary>
    /// <exception cref="ImportException">A tensor is missing, is left over or has another shape.</exception>
    public static OnnxModel Build(CheckpointPart weights, UnetSettings settings, Precision precision)
    {
        var graph = new GraphBuilder("unet", precision);
        var prediction = new UnetGraph(new Module(graph, weights), settings).Predict();
        graph.Output("out_sample", prediction, Lengths.Rows, prediction.Width, Lengths.Height, Lengths.Width);
        weights.RequireAllTaken();
        return graph.Build();
    }

    private Value Predict()
    {
        Module[] down = [.. _unet.List("down_blocks")];
        Module[] up = [.. _unet.List("up_blocks")];
        if (down.Length != _settings.Heads.Length || up.Length != down.Length)
        {
            throw new ImportException(
                $"The UNet has {down.Length} levels on the way down and {up.Length} on the way up, and heads are given for {_settings.Heads.Length}.");
        }

        var h = _unet["conv_in"].Convolution(_sample);
        _skips.Push(h);
        foreach (var (level, heads) in down.Zip(_settings.Heads))
            h = Down(level, h, heads);
        h = Middle(h);
        foreach (var (level, heads) in up.Zip(_settings.Heads.Reverse()))
            h = Up(level, h, heads);
        h = _unet["conv_norm_out"].GroupNorm(h, _settings.NormGroups, _settings.NormEpsilon);
        return _unet["conv_out"].Convolution(_unet.Graph.Silu(h));
    }

    private Value Down(Module level, Value h, int heads)
    {
        for (var layer = 0; level["resnets", layer].Exists; layer++)
            _skips.Push(h = Layer(level, layer, h, heads));
        if (level["downsamplers"].Exists)
            _skips.Push(h = level["downsamplers", 0]["conv"].Convolution(h, h.Width, 2, 1, 1, 1, 1));
        return h;
    }

    // Some small models have no middle, or half of one.
    private Value Middle(Value h)
    {
        for (var layer = 0; _unet["mid_block"]["resnets", layer].Exists; layer++)
            h = Layer(_unet["mid_block"], layer, h, _settings.Heads[^1]);
        return h;
    }

    private Value Up(Module level, Value h, int heads)
    {
        for (var layer = 0; level["resnets", layer].Exists; layer++)
        {
            if (!_skips.TryPop(out var skip))
                throw new ImportException($"The UNet's '{level["resnets", layer].Path}' has no partner on the way down.");
            h = Layer(level, layer, _unet.Graph.Concat(1, h, skip), heads);
        }

        // On the way down an odd length was rounded up: the next skip tells what it was.
        return level["upsamplers"].Exists && _skips.TryPeek(out var next)
            ? level["upsamplers", 0]["conv"].Convolution(_unet.Graph.UpsampleTo(h, next), h.Width)
            : h;
    }

    /// <summary>A ResNet block and, where the level attends, a transformer.</summary>
    private Value Layer(Module level, int layer, Value h, int heads)
    {
        h = ResNetBlock.Build(level["resnets", layer], h, _time, _settings.NormGroups, _settings.NormEpsilon);
        var transformer = level["attentions", layer];
        return transformer.Exists ? SpatialTransformer.Build(transformer, h, _context, _settings.NormGroups, heads) : h;
    }

    private static long ContextWidth(CheckpointPart weights)
    {
        const string key = "attn2.to_k.weight";
        var name = weights.Tensors.Keys.Where(n => n.EndsWith(key, StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault();
        return name is null
            ? throw new ImportException($"The UNet has no '{key}': it takes no text.")
            : weights.ShapeOf(name)[^1];
    }
}
