using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Layouts;

/// <summary>Every weight of a CLIP text encoder of a given structure, under its name in transformers, old and new, and in OpenCLIP.</summary>
internal sealed class ClipWeights
{
    private const string Model = "text_model.";

    private static readonly (string Name, Derivation Third)[] Projections =
        [("q_proj", Derivation.Query), ("k_proj", Derivation.Key), ("v_proj", Derivation.Value)];

    private readonly ClipStructure _text;
    private readonly WeightTable _table = new();

    private ClipWeights(ClipStructure text) => _text = text;

    public static IReadOnlyList<Weight> Of(ClipStructure text)
    {
        var weights = new ClipWeights(text);
        weights.Add("embeddings.token_embedding.weight", "token_embedding.weight", text.Vocabulary, text.Width);
        weights.Add("embeddings.position_embedding.weight", "positional_embedding", text.Window, text.Width);
        for (var layer = 0; layer < text.Layers; layer++)
            weights.Layer($"encoder.layers.{layer}", $"transformer.resblocks.{layer}");
        weights.Norm("final_layer_norm", "ln_final");
        if (text.ProjectionWidth > 0)
            weights.Projection();
        return weights._table.Weights;
    }

    private void Layer(string name, string original)
    {
        Norm($"{name}.layer_norm1", $"{original}.ln_1");
        foreach (var (projection, third) in Projections)
        {
            Fused($"{name}.self_attn.{projection}.weight", $"{original}.attn.in_proj_weight", third, _text.Width, _text.Width);
            Fused($"{name}.self_attn.{projection}.bias", $"{original}.attn.in_proj_bias", third, _text.Width);
        }

        Linear($"{name}.self_attn.out_proj", $"{original}.attn.out_proj", _text.Width, _text.Width);
        Norm($"{name}.layer_norm2", $"{original}.ln_2");
        Linear($"{name}.mlp.fc1", $"{original}.mlp.c_fc", _text.Width, _text.FeedForwardWidth);
        Linear($"{name}.mlp.fc2", $"{original}.mlp.c_proj", _text.FeedForwardWidth, _text.Width);
    }

    /// <summary>
    /// OpenCLIP's parameter is multiplied from the right, so the linear layer's weight is its transpose. The width cannot tell which of
    /// the two a file has, as it is square; the name does.
    /// </summary>
    private void Projection() => _table.Add(new Weight(
        "text_projection.weight",
        new TensorShape(_text.ProjectionWidth, _text.Width),
        new Spelling("text_projection.weight"), new Spelling("text_projection", Derivation.Transposed)));

    private void Linear(string name, string original, long input, long output)
    {
        Add($"{name}.weight", $"{original}.weight", output, input);
        Add($"{name}.bias", $"{original}.bias", output);
    }

    private void Norm(string name, string original)
    {
        Add($"{name}.weight", $"{original}.weight", _text.Width);
        Add($"{name}.bias", $"{original}.bias", _text.Width);
    }

    private void Add(string name, string original, params ReadOnlySpan<long> shape) => Fused(name, original, Derivation.Whole, shape);

    private void Fused(string name, string original, Derivation derivation, params ReadOnlySpan<long> shape) => _table.Add(new Weight(
        Model + name,
        new TensorShape(shape),
        new Spelling(Model + name), new Spelling(name), new Spelling(original, derivation)));
}
