using Diffusion.Mesh.Models;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>A CLIP text tower: windows of token ids to embeddings.</summary>
public sealed class TextEncoderModel : IDisposable
{
    private const string Ids = "input_ids";
    private const string Hidden = "last_hidden_state";
    private const string Pooled = "text_embeds";

    private readonly OnnxPart _part;

    private TextEncoderModel(OnnxPart part)
    {
        _part = part;
        part.Input(Ids);
        part.Output(Hidden);
        HasPooled = part.Outputs.ContainsKey(Pooled);
    }

    /// <summary>True when the projected embedding of the whole text is given as well.</summary>
    public bool HasPooled { get; }

    /// <summary>Loads the text encoder of <paramref name="model"/>.</summary>
    /// <exception cref="ModelFormatException">The graph is missing or broken.</exception>
    public static TextEncoderModel Load(ModelFacts model, ExecutionOptions execution) => new(OnnxPart.Load(model, "text_encoder", execution));

    /// <summary>Encodes windows of equal length.</summary>
    /// <returns>One embedding for each window, in order.</returns>
    public IReadOnlyList<TextEmbedding> Encode(IReadOnlyList<IReadOnlyList<int>> windows)
    {
        var length = windows[0].Count;
        var ids = new float[windows.Count * length];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = windows[i / length][i % length];

        using var input = _part.Allocate(Ids, ids, windows.Count, length);
        string[] names = HasPooled ? [Hidden, Pooled] : [Hidden];
        using var outputs = _part.Run(new Dictionary<string, OrtValue> { [Ids] = input }, names);
        var hidden = outputs[0].Copy(_part.Output(Hidden));
        var pooled = HasPooled ? outputs[1].Copy(_part.Output(Pooled)) : null;
        return [.. Enumerable.Range(0, windows.Count).Select(i => new TextEmbedding(hidden.Row(i), pooled?.Row(i)))];
    }

    /// <inheritdoc/>
    public void Dispose() => _part.Dispose();
}

/// <param name="Hidden">The last hidden state, [1, window, width].</param>
/// <param name="Pooled">The projected embedding of the whole text, [1, width], where the encoder has one.</param>
public sealed record TextEmbedding(TensorData Hidden, TensorData? Pooled);
