using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>CLIP's text encoder (Radford et al. 2021): OpenAI's ViT-L and OpenCLIP's ViT-H and bigG.</summary>
internal static class ClipTextGraph
{
    // Large enough to leave nothing of a score, and finite in half precision.
    private const float Masked = -65504;

    /// <summary>
    /// Token ids, [rows, window], to <c>last_hidden_state</c> behind the final norm, to every <c>hidden_states.N</c> before it (the embeddings' and
    /// each layer's), and to the end token's row: <c>text_embeds</c> where there is a projection, else <c>pooler_output</c>.
    /// </summary>
    /// <exception cref="ImportException">A tensor is missing, is left over or has another shape.</exception>
    public static OnnxModel Build(CheckpointPart weights, TextSettings settings, Precision precision)
    {
        var graph = new GraphBuilder(weights.Name, precision);
        var root = new Module(graph, weights);
        // Both forms are in use.
        var encoder = root["text_model"].Exists ? root["text_model"] : root;
        var table = encoder["embeddings"]["position_embedding"].ShapeOf("weight", 2);
        var (window, width) = (table[0], table[1]);
        var ids = graph.Input("input_ids", TensorProto.Types.DataType.Int64, Lengths.Rows, window);

        var h = Embed(encoder["embeddings"], ids, window, width);
        List<Value> states = [h];
        var mask = CausalMask(graph, (int)window);
        foreach (var layer in encoder["encoder"].List("layers"))
            states.Add(h = ClipLayer.Build(layer, h, mask, settings));
        var last = encoder["final_layer_norm"].LayerNorm(h, settings.LayerNormEpsilon);

        graph.Output("last_hidden_state", last, Lengths.Rows, window, width);
        Pool(root, last, ids, settings.EndToken);
        foreach (var (index, state) in states.Index())
            graph.Output($"hidden_states.{index}", state, Lengths.Rows, window, width);
        weights.RequireAllTaken();
        return graph.Build();
    }

    private static Value Embed(Module embeddings, Value ids, long window, long width)
    {
        var words = embeddings["token_embedding"];
        var rows = words.Parameter("weight", words.ShapeOf("weight", 2)[0], width);
        var tokens = embeddings.Graph.Apply("Gather", [rows, ids]) with { Width = width };
        return embeddings.Graph.Add(tokens, embeddings["position_embedding"].Parameter("weight", window, width));
    }

    // No token sees those behind it.
    private static Value CausalMask(GraphBuilder graph, int window)
    {
        var scores = new float[window * window];
        for (var row = 0; row < window; row++)
            scores.AsSpan((row * window + row + 1)..((row + 1) * window)).Fill(Masked);
        return graph.Numbers("causal_mask", scores, 1, 1, window, window);
    }

    // The row of the first end token: padding is made of them too, and tokens that were added later have higher ids.
    private static void Pool(Module root, Value last, Value ids, int endToken)
    {
        var graph = root.Graph;
        var isEnd = graph.Apply(
            "Cast", [graph.Apply("Equal", [ids, graph.Integer(endToken)])], NodeAttribute.Of("to", (long)TensorProto.Types.DataType.Float));
        var end = graph.Apply("ArgMax", [isEnd], NodeAttribute.Of("axis", 1), NodeAttribute.Of("keepdims", 1));
        var pooled = graph.Apply("GatherND", [last, end], NodeAttribute.Of("batch_dims", 1));
        if (!root["text_projection"].Exists)
        {
            graph.Output("pooler_output", pooled, Lengths.Rows, pooled.Width);
            return;
        }

        var embeds = root["text_projection"].Product(pooled);
        graph.Output("text_embeds", embeds, Lengths.Rows, embeds.Width);
    }
}
