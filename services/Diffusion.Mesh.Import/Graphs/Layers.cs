using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>
/// The layers that have weights. What goes in must be as wide as the weights have it, and so must what comes out where that is known.
/// </summary>
internal static class Layers
{
    /// <summary>A convolution that keeps height and width.</summary>
    /// <param name="x">[rows, inputs, height, width].</param>
    /// <param name="outputs">Channels that are wanted; null: as many as there are.</param>
    public static Value Convolution(this Module layer, Value x, long? outputs = null)
    {
        var pad = (layer.ShapeOf("weight", 4)[^1] - 1) / 2;
        return layer.Convolution(x, outputs, 1, pad, pad, pad, pad);
    }

    /// <summary>A convolution with a bias.</summary>
    /// <param name="pads">Rows above, columns to the left, rows beneath, columns to the right.</param>
    public static Value Convolution(this Module layer, Value x, long? outputs, int stride, params ReadOnlySpan<long> pads)
    {
        var shape = layer.ShapeOf("weight", 4);
        var width = outputs ?? shape[0];
        Value[] inputs = [x, layer.Parameter("weight", width, x.Width, shape[2], shape[3]), layer.Parameter("bias", width)];
        var result = layer.Graph.Apply(
            "Conv",
            inputs,
            NodeAttribute.Of("kernel_shape", shape[2], shape[3]),
            NodeAttribute.Of("strides", stride, stride),
            NodeAttribute.Of("pads", pads));
        return result with { Width = width };
    }

    /// <summary>A linear layer with a bias over the last axis.</summary>
    /// <param name="outputs">The width that is wanted; null: as it is.</param>
    public static Value Linear(this Module layer, Value x, long? outputs = null)
    {
        var product = layer.Product(x, outputs);
        return layer.Graph.Add(product, layer.Parameter("bias", product.Width));
    }

    /// <summary>A linear layer without a bias over the last axis.</summary>
    /// <remarks>The weight stays as it is stored, [outputs, inputs]: none is ever transposed on its way.</remarks>
    public static Value Product(this Module layer, Value x, long? outputs = null)
    {
        var width = outputs ?? layer.ShapeOf("weight", 2)[0];
        var product = layer.Graph.ApplyContrib("FusedMatMul", [x, layer.Matrix("weight", width, x.Width)], NodeAttribute.Of("transB", 1));
        return product with { Width = width };
    }

    /// <summary>A linear layer with a bias over [rows, inputs].</summary>
    public static Value Dense(this Module layer, Value x, long? outputs = null)
    {
        var width = outputs ?? layer.ShapeOf("weight", 2)[0];
        Value[] inputs = [x, layer.Matrix("weight", width, x.Width), layer.Parameter("bias", width)];
        return layer.Graph.Apply("Gemm", inputs, NodeAttribute.Of("transB", 1)) with { Width = width };
    }

    /// <summary>Normalises the last axis.</summary>
    public static Value LayerNorm(this Module layer, Value x, double epsilon) => layer.Graph.Apply(
        "LayerNormalization",
        [x, layer.Parameter("weight", x.Width), layer.Parameter("bias", x.Width)],
        NodeAttribute.Of("axis", -1),
        NodeAttribute.Of("epsilon", epsilon));

    /// <summary>Normalises groups of channels of [rows, channels, height, width].</summary>
    /// <remarks>
    /// ONNX Runtime has no kernel for a group norm that every provider knows, and one for the norm of single channels: a group's values in a row
    /// are a channel.
    /// </remarks>
    public static Value GroupNorm(this Module layer, Value x, int groups, double epsilon)
    {
        if (x.Width % groups != 0)
        {
            throw new ImportException(
                $"The norm '{layer.Path}' of {layer.Part.Name} has {x.Width} channels, which do not divide into {groups} groups.");
        }

        var graph = layer.Graph;
        var (ones, zeros) = (Enumerable.Repeat(1f, groups).ToArray(), new float[groups]);
        var normal = graph.Apply(
            "InstanceNormalization",
            [graph.Reshape(x, 0, groups, -1), graph.Numbers($"ones {groups}", ones, groups), graph.Numbers($"zeros {groups}", zeros, groups)],
            NodeAttribute.Of("epsilon", epsilon));
        return graph.Add(
            graph.Multiply(graph.ReshapeLike(normal, x), layer.Channels("weight", x.Width)), layer.Channels("bias", x.Width));
    }
}
