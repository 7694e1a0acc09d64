using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>Which of a tower's hidden states serves as conditioning.</summary>
/// <param name="State">Its index from the start; null: the tower's own output.</param>
/// <param name="Norm">Applied to it; null: nothing is.</param>
internal sealed record HiddenChoice(int? State, FinalLayerNorm? Norm)
{
    /// <summary>The tower's own output.</summary>
    public static HiddenChoice Output { get; } = new(null, null);

    /// <summary>The chosen state, ready for use.</summary>
    public TensorData Finish(TensorData hidden) => Norm is null ? hidden : Norm.Apply(hidden);
}
