namespace Diffusion.Mesh.Models;

/// <summary>A model folder has a part that is missing or broken.</summary>
/// <param name="model">The model's name.</param>
/// <param name="part">The part at fault, as a path inside the model's folder.</param>
/// <param name="problem">What is wrong with it, as the end of a sentence.</param>
public sealed class ModelFormatException(string model, string part, string problem, Exception? inner = null)
    : Exception($"Model '{model}': {part} {problem}.", inner)
{
    /// <summary>The part at fault, as a path inside the model's folder.</summary>
    public string Part { get; } = part;
}
