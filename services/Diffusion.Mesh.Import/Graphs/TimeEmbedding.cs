using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>Two layers over the embedded timestep, and what else conditions every ResNet block: the guidance scale (LCM), the sizes (SDXL).</summary>
internal static class TimeEmbedding
{
    /// <summary>Height, width, top, left, height, width: what SDXL is told of a picture.</summary>
    private const int Sizes = 6;

    /// <param name="unet">The whole network; its inputs are added to the graph.</param>
    /// <param name="timestep">Float32, [rows].</param>
    /// <param name="addedWidth">Width of each embedded number of <c>time_ids</c>; 0 where there are none.</param>
    /// <returns>SiLU of the embedding, [rows, width].</returns>
    public static Value Build(Module unet, Value timestep, int addedWidth)
    {
        var graph = unet.Graph;
        var layers = unet["time_embedding"];
        var waves = Sinusoids.Build(graph, timestep, (int)layers["linear_1"].ShapeOf("weight", 2)[1]);
        if (layers["cond_proj"].Exists)
            waves = graph.Add(waves, Guidance(layers["cond_proj"], waves.Width));
        var embedding = TwoLayers(layers, waves);
        if (unet["add_embedding"].Exists)
            embedding = graph.Add(embedding, Added(unet["add_embedding"], addedWidth, embedding.Width));
        return graph.Silu(embedding);
    }

    private static Value Guidance(Module layer, long width) =>
        layer.Product(layer.Graph.Input("timestep_cond", Lengths.Rows, layer.ShapeOf("weight", 2)[1]), width);

    private static Value Added(Module layers, int addedWidth, long outputs)
    {
        var graph = layers.Graph;
        var width = layers["linear_1"].ShapeOf("weight", 2)[1];
        var pooledWidth = width - Sizes * addedWidth;
        if (addedWidth < 1 || pooledWidth < 1)
            throw new ImportException($"The UNet's '{layers.Path}' takes {width} numbers, which are no text and {Sizes} sizes of {addedWidth} each.");
        var pooled = graph.Input("text_embeds", Lengths.Rows, pooledWidth);
        var sizes = graph.Input("time_ids", TensorProto.Types.DataType.Float, Lengths.Rows, Sizes);
        var waves = graph.Reshape(Sinusoids.Build(graph, sizes, addedWidth), 0, Sizes * addedWidth) with { Width = Sizes * addedWidth };
        return TwoLayers(layers, graph.Concat(1, pooled, waves), outputs);
    }

    private static Value TwoLayers(Module layers, Value x, long? outputs = null) =>
        layers["linear_2"].Dense(layers.Graph.Silu(layers["linear_1"].Dense(x)), outputs);
}
