using Diffusion.Mesh.Import.Graphs;
using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Tests;

public sealed class ClipTextGraphTests
{
    private const int Window = 8;
    private const int Width = 16;
    private const string Last = "last_hidden_state";

    // The end token is 29; a word that was added later has a higher id.
    private static readonly long[] Ids = [28, 5, 30, 29, 29, 29, 29, 29];

    [Fact]
    public void Run_Window_GivesEveryHiddenState()
    {
        using var graph = Build(projectionWidth: 0);

        var outputs = Run(graph, Ids, Last, "pooler_output", "hidden_states.0", "hidden_states.1", "hidden_states.2");

        Assert.Equal([Window * Width, Width, Window * Width, Window * Width, Window * Width], outputs.Select(o => o.Length));
        Assert.Equal([Last, "pooler_output", "hidden_states.0", "hidden_states.1", "hidden_states.2"], graph.Outputs.Keys);
        // The row of the first end token.
        Assert.Equal(outputs[0][(3 * Width)..(4 * Width)], outputs[1]);
    }

    [Fact]
    public void Run_LaterTokens_ChangeNoEarlierState()
    {
        using var graph = Build(projectionWidth: 0);
        long[] other = [28, 5, 30, 29, 1, 2, 3, 4];

        var (one, two) = (Run(graph, Ids, Last)[0], Run(graph, other, Last)[0]);

        Assert.Equal(one[..(4 * Width)], two[..(4 * Width)]);
        Assert.NotEqual(one, two);
    }

    [Fact]
    public void Build_WithProjection_GivesTextEmbeds()
    {
        using var single = Build(projectionWidth: 6);
        using var half = Build(projectionWidth: 6, Precision.Float16);

        Assert.Equal([-1, 6], single.Outputs["text_embeds"].Dimensions);
        Numbers.AssertClose(Run(single, Ids, "text_embeds")[0], Run(half, Ids, "text_embeds")[0], 1e-2);
    }

    private static WrittenGraph Build(long projectionWidth, Precision precision = Precision.Float32)
    {
        var structure = DrawnParts.TextStructure with { ProjectionWidth = projectionWidth, Vocabulary = 31 };
        return new WrittenGraph(ClipTextGraph.Build(DrawnParts.Text(structure), DrawnParts.TextSettings, precision));
    }

    private static float[][] Run(WrittenGraph graph, long[] ids, params string[] outputs) => graph.Run(outputs, ("input_ids", ids, [1, Window]));
}
