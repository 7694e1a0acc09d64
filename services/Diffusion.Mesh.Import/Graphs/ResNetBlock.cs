using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>
/// Twice norm, SiLU and convolution, added to what came in (He et al. 2016); the timestep comes in between, where there is one.
/// </summary>
internal static class ResNetBlock
{
    /// <param name="x">[rows, channels, height, width].</param>
    /// <param name="time">SiLU of the time embedding, [rows, width]; null in an autoencoder.</param>
    public static Value Build(Module block, Value x, Value? time, int groups, double epsilon)
    {
        var graph = block.Graph;
        var h = block["conv1"].Convolution(graph.Silu(block["norm1"].GroupNorm(x, groups, epsilon)));
        if (time is { } embedding)
            h = graph.Add(h, graph.Unsqueeze(block["time_emb_proj"].Dense(embedding, h.Width), 2, 3));
        h = block["conv2"].Convolution(graph.Silu(block["norm2"].GroupNorm(h, groups, epsilon)), h.Width);
        var shortcut = block["conv_shortcut"];
        return graph.Add(shortcut.Exists || x.Width != h.Width ? shortcut.Convolution(x, h.Width) : x, h);
    }
}
