using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>Runs the text towers over what was read, and joins their outputs to conditioning.</summary>
internal sealed class PromptEncoder(TextBatcher batcher)
{
    /// <summary>The UNet input that hidden states go to.</summary>
    public const string HiddenStates = "encoder_hidden_states";

    private const string PooledInput = "text_embeds";

    /// <summary>Encodes one text. All of its windows wait for a pass at once.</summary>
    public async Task<EncodedText> EncodeAsync(ValidText text, EncoderParts parts, CancellationToken cancellation)
    {
        var towers = await Task.WhenAll(text.Towers.Select(t => EncodeAsync(t, cancellation)));
        var hidden = TensorJoin.AlongWidth([.. towers.Select(t => t.Hidden)]);
        var pooled = towers.LastOrDefault(t => t.Pooled is not null)?.Pooled;
        var conditioning = new Conditioning { Tensors = { hidden.ToMessage(HiddenStates) } };
        if (parts.GivesPooled)
            conditioning.Tensors.Add(pooled!.ToMessage(PooledInput));
        return new EncodedText
        {
            Conditioning = conditioning,
            Pooled = pooled is null ? null : TensorMessages.ToMessage(pooled.ToFloats(), pooled.Shape),
            TokenCount = (uint)text.Towers[0].Tokens.TokenCount,
            Truncated = text.Towers.Any(t => t.Tokens.Truncated),
        };
    }

    private async Task<TextEmbedding> EncodeAsync(TowerText text, CancellationToken cancellation)
    {
        var windows = await Task.WhenAll(
            text.Tokens.Windows.Select(w => batcher.EncodeAsync(text.Tower.Model, w.Ids, text.Hidden.State, cancellation)));
        var hidden = windows.Zip(text.Tokens.Windows, (e, w) => AttentionScaling.Apply(text.Hidden.Finish(e.Hidden), w.Weights));
        // A long text's first window speaks for the whole: there is no common way to join pooled embeddings.
        return new TextEmbedding(TensorJoin.AlongTokens([.. hidden]), windows[0].Pooled);
    }
}
