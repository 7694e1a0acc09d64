namespace Diffusion.Mesh.Unet.Tests;

/// <summary>
/// A UNet whose prediction one can work out by hand: <see cref="Weight"/> times the latents, plus the mean of the row's context, plus a
/// ten-thousandth of the timestep; of channels after the latents a twentieth is added.
/// </summary>
internal sealed record TinyUnet
{
    public const int ContextWidth = 2;
    public const float TimestepWeight = 1e-4f;

    private const float ExtraWeight = 0.05f;

    public int InChannels { get; init; } = 4;

    public int OutChannels { get; init; } = 4;

    public float Weight { get; init; } = 0.1f;

    public string Sample { get; init; } = "sample";

    public string Timestep { get; init; } = "timestep";

    /// <summary>Name of the context's input; null for an unconditional UNet.</summary>
    public string? Context { get; init; } = "encoder_hidden_states";

    public string Output { get; init; } = "out_sample";

    public int TimestepType { get; init; } = TinyGraph.Int64;

    /// <summary>[-1] for one timestep a row, [1] or none for a single value.</summary>
    public int[] TimestepShape { get; init; } = [-1];

    /// <summary>Tokens, rows and side that the file takes; -1 for any.</summary>
    public int Tokens { get; init; } = -1;

    public int Rows { get; init; } = -1;

    public int Side { get; init; } = -1;

    public byte[] ToBytes()
    {
        var graph = new TinyGraph();
        var everywhere = graph.Integers(-1, 1, 1, 1);
        var sample = graph.Input(Sample, TinyGraph.Float32, Rows, InChannels, Side, Side);
        var timestep = graph.Cast(graph.Input(Timestep, TimestepType, TimestepShape), TinyGraph.Float32);
        var sum = graph.Apply("Conv", sample, graph.Floats(Weights(), OutChannels, InChannels, 1, 1));
        sum = graph.Apply("Add", sum, graph.Apply("Mul", graph.Apply("Reshape", timestep, everywhere), graph.Floats([TimestepWeight], 1)));
        if (Context is not null)
        {
            var context = graph.Input(Context, TinyGraph.Float32, Rows, Tokens, ContextWidth);
            sum = graph.Apply("Add", sum, graph.Apply("Reshape", graph.MeanOfRows(context), everywhere));
        }

        graph.Output(Output, sum, TinyGraph.Float32, Rows, OutChannels, Side, Side);
        return graph.ToBytes();
    }

    private float[] Weights() =>
    [
        .. Enumerable.Range(0, OutChannels * InChannels).Select(i => (i / InChannels, i % InChannels) switch
        {
            var (output, input) when output == input => Weight,
            var (_, input) when input >= OutChannels => ExtraWeight,
            _ => 0,
        }),
    ];
}
