namespace Diffusion.Mesh.Import.Onnx;

/// <summary>The operators that the networks are made of, those without weights.</summary>
internal static class Operators
{
    public static Value Add(this GraphBuilder graph, Value a, Value b) => graph.Apply("Add", [a, b]);

    public static Value Multiply(this GraphBuilder graph, Value a, Value b) => graph.Apply("Mul", [a, b]);

    /// <summary>x·σ(x); ONNX Runtime makes one operator of the two.</summary>
    public static Value Silu(this GraphBuilder graph, Value x) => graph.Multiply(x, graph.Apply("Sigmoid", [x]));

    /// <summary>x·Φ(x), with the error function.</summary>
    public static Value Gelu(this GraphBuilder graph, Value x) => graph.Apply("Gelu", [x]);

    /// <summary>x·σ(1.702x).</summary>
    public static Value QuickGelu(this GraphBuilder graph, Value x) =>
        graph.Multiply(x, graph.Apply("Sigmoid", [graph.Multiply(x, graph.Numbers("quick_gelu", [1.702f]))]));

    /// <param name="shape">0 keeps a length, -1 takes what is left.</param>
    public static Value Reshape(this GraphBuilder graph, Value x, params ReadOnlySpan<long> shape) =>
        graph.Apply("Reshape", [x, graph.Integers(shape)]);

    /// <summary>Gives a value the shape of another one.</summary>
    public static Value ReshapeLike(this GraphBuilder graph, Value x, Value other) => graph.Apply("Reshape", [x, graph.Apply("Shape", [other])]);

    public static Value Transpose(this GraphBuilder graph, Value x, params ReadOnlySpan<long> order) =>
        graph.Apply("Transpose", [x], NodeAttribute.Of("perm", order));

    public static Value Unsqueeze(this GraphBuilder graph, Value x, params ReadOnlySpan<long> axes) =>
        graph.Apply("Unsqueeze", [x, graph.Integers(axes)]);

    /// <summary>Values side by side: along the axis that their widths are of.</summary>
    public static Value Concat(this GraphBuilder graph, int axis, params ReadOnlySpan<Value> values) =>
        graph.Apply("Concat", values, NodeAttribute.Of("axis", axis)) with { Width = Sum(values) };

    /// <summary>The two halves of the last axis.</summary>
    public static (Value First, Value Second) Halve(this GraphBuilder graph, Value x) =>
        graph.Pieces("Split", 2, x, NodeAttribute.Of("axis", -1), NodeAttribute.Of("num_outputs", 2)) is [var first, var second]
            ? (first, second)
            : throw new InvalidOperationException("A split in two gives two.");

    /// <summary>A picture as high and wide as <paramref name="target"/>, at most twice as large, of each place's nearest value.</summary>
    /// <remarks>PyTorch's nearest is this, not what ONNX takes by default; equal for odd targets too.</remarks>
    /// <param name="x">[rows, channels, height, width].</param>
    /// <param name="target">[any, any, height, width].</param>
    public static Value UpsampleTo(this GraphBuilder graph, Value x, Value target)
    {
        var size = graph.Concat(
            0, graph.Apply("Shape", [x], NodeAttribute.Of("end", 2)), graph.Apply("Shape", [target], NodeAttribute.Of("start", 2)));
        return Nearest(graph, [x, Value.None, Value.None, size]);
    }

    /// <summary>Each value four times: twice as high, twice as wide.</summary>
    public static Value UpsampleTwice(this GraphBuilder graph, Value x) =>
        Nearest(graph, [x, Value.None, graph.Floats("scales of 2", [1, 1, 2, 2], 4)]);

    private static long Sum(ReadOnlySpan<Value> values)
    {
        var width = 0L;
        foreach (var value in values)
            width += value.Width;
        return width;
    }

    private static Value Nearest(GraphBuilder graph, ReadOnlySpan<Value> inputs) => graph.Apply(
        "Resize",
        inputs,
        NodeAttribute.Of("mode", "nearest"),
        NodeAttribute.Of("coordinate_transformation_mode", "asymmetric"),
        NodeAttribute.Of("nearest_mode", "floor"));
}
