using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>
/// Multi-head attention (Vaswani et al. 2017): softmax(Q·Kᵀ/√d)·V in each head, then a linear layer over all of them.
/// </summary>
/// <param name="Query">Name of the linear layer that makes the queries.</param>
/// <param name="Key">Name of the one for the keys.</param>
/// <param name="Values">Name of the one for the values.</param>
/// <param name="Out">Name of the one behind the heads.</param>
/// <param name="HasBias">Whether the first three have biases; the last one has.</param>
internal sealed record Attention(string Query, string Key, string Values, string Out, bool HasBias)
{
    /// <summary>A UNet's.</summary>
    public static Attention Unet { get; } = new("to_q", "to_k", "to_v", "to_out.0", HasBias: false);

    /// <summary>An autoencoder's.</summary>
    public static Attention Autoencoder { get; } = Unet with { HasBias = true };

    /// <summary>A text encoder's.</summary>
    public static Attention Clip { get; } = new("q_proj", "k_proj", "v_proj", "out_proj", HasBias: true);

    /// <param name="x">Who asks, [rows, tokens, width].</param>
    /// <param name="context">Who is asked, [rows, tokens, width]; <paramref name="x"/> itself in self-attention.</param>
    /// <param name="bias">Added to the scores, [1, 1, tokens, tokens]; null: nothing is.</param>
    public Value Build(Module attention, Value x, Value context, int heads, Value? bias = null)
    {
        var query = Project(attention[Query], x, null);
        if (heads < 1 || query.Width % heads != 0)
        {
            throw new ImportException(
                $"The attention '{attention.Path}' of {attention.Part.Name} has the width {query.Width}, which does not divide into {heads} heads.");
        }

        var key = Project(attention[Key], context, query.Width);
        var value = Project(attention[Values], context, query.Width);
        Value[] inputs = bias is { } scores ? [query, key, value, Value.None, Value.None, scores] : [query, key, value];
        var answer = attention.Graph.ApplyContrib("MultiHeadAttention", inputs, NodeAttribute.Of("num_heads", heads));
        return attention[Out].Linear(answer, x.Width);
    }

    private Value Project(Module layer, Value x, long? outputs) => HasBias ? layer.Linear(x, outputs) : layer.Product(x, outputs);
}
