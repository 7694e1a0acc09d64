using Diffusion.Mesh.Models;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>A CLIP text tower: windows of token ids to embeddings.</summary>
public sealed class TextEncoderModel : IDisposable
{
    private const string Ids = "input_ids";
    private const string Last = "last_hidden_state";
    private const string Embeds = "text_embeds";

    private readonly OnnxPart _part;

    private TextEncoderModel(OnnxPart part)
    {
        _part = part;
        part.Input(Ids);
        part.Output(Last);
        HasPooled = part.Outputs.ContainsKey(Embeds);
        while (part.Outputs.ContainsKey(HiddenState(HiddenStates)))
            HiddenStates++;
    }

    /// <summary>True when the projected embedding of the whole text is given as well.</summary>
    public bool HasPooled { get; }

    /// <summary>How many hidden states the file gives: the token embeddings' and each layer's, the last one before the final layer norm.
    /// 0 where it gives none.</summary>
    public int HiddenStates { get; }

    /// <summary>Loads a text encoder of <paramref name="model"/>.</summary>
    /// <param name="part">Its folder: <c>text_encoder</c> or <c>text_encoder_2</c>.</param>
    /// <exception cref="ModelFormatException">The graph is missing or broken.</exception>
    public static TextEncoderModel Load(ModelFacts model, string part, ExecutionOptions execution)
    {
        var graph = OnnxPart.Load(model, part, execution);
        try
        {
            return new TextEncoderModel(graph);
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <summary>True when windows of this many ids can be given.</summary>
    public bool Accepts(int window) => _part.Input(Ids) is var port && port.Accepts(port.Type, [1, window]);

    /// <summary>Encodes windows of equal length.</summary>
    /// <param name="hiddenState">Which hidden state is wanted, 0 to <see cref="HiddenStates"/> - 1; null: the encoder's own output.</param>
    /// <returns>One embedding for each window, in order.</returns>
    public IReadOnlyList<TextEmbedding> Encode(IReadOnlyList<IReadOnlyList<int>> windows, int? hiddenState = null)
    {
        // A file exported with a fixed first dimension takes one window at a time.
        if (windows.Count > 1 && _part.Input(Ids).Dimensions[0] == 1)
            return [.. windows.Select(w => Encode([w], hiddenState)[0])];

        var hiddenName = hiddenState is { } index ? HiddenState(index) : Last;
        var outputs = Run(windows, HasPooled ? [hiddenName, Embeds] : [hiddenName]);
        return [.. Enumerable.Range(0, windows.Count).Select(i => new TextEmbedding(outputs[0].Row(i), HasPooled ? outputs[1].Row(i) : null))];
    }

    /// <summary>Tells the final layer norm from one pass.</summary>
    /// <param name="window">Ids that differ, as many as can be.</param>
    /// <param name="epsilon">The constant in the norm.</param>
    /// <param name="error">See <see cref="FinalLayerNorm.Fit"/>.</param>
    public FinalLayerNorm FitFinalLayerNorm(IReadOnlyList<int> window, double epsilon, out double error)
    {
        var outputs = Run([window], [HiddenState(HiddenStates - 1), Last]);
        return FinalLayerNorm.Fit(outputs[0], outputs[1], epsilon, out error);
    }

    /// <inheritdoc/>
    public void Dispose() => _part.Dispose();

    private static string HiddenState(int index) => $"hidden_states.{index}";

    private TensorData[] Run(IReadOnlyList<IReadOnlyList<int>> windows, string[] names)
    {
        var length = windows[0].Count;
        var ids = new float[windows.Count * length];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = windows[i / length][i % length];

        using var input = _part.Allocate(Ids, ids, windows.Count, length);
        using var outputs = _part.Run(new Dictionary<string, OrtValue> { [Ids] = input }, names);
        return [.. outputs.Zip(names, (value, name) => value.Copy(_part.Output(name)))];
    }
}

/// <param name="Hidden">A hidden state, [1, window, width].</param>
/// <param name="Pooled">The projected embedding of the whole text, [1, width], where the encoder has one.</param>
public sealed record TextEmbedding(TensorData Hidden, TensorData? Pooled);
