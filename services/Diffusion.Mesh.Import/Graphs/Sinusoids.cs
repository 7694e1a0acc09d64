using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>Numbers as waves of falling frequency: cosines, then sines (Ho et al. 2020).</summary>
internal static class Sinusoids
{
    private const float Period = 10000;

    /// <summary>Embeds every number, in float32: half precision keeps no fraction of a timestep.</summary>
    /// <param name="numbers">Float32, [...].</param>
    /// <param name="width">Of each embedding; even.</param>
    /// <returns>Of the graph's precision, [..., <paramref name="width"/>].</returns>
    public static Value Build(GraphBuilder graph, Value numbers, int width)
    {
        var half = width / 2;
        var frequencies = new float[half];
        for (var i = 0; i < half; i++)
            frequencies[i] = MathF.Exp(-MathF.Log(Period) * i / half);
        var angles = graph.Multiply(graph.Unsqueeze(numbers, -1), graph.Floats($"frequencies {half}", frequencies, half));
        var waves = graph.Concat(-1, graph.Apply("Cos", [angles]), graph.Apply("Sin", [angles])) with { Width = width };
        return graph.Precision == Precision.Float32 ? waves : graph.Apply("Cast", [waves], NodeAttribute.Of("to", (long)graph.Precision.DataType()));
    }
}
