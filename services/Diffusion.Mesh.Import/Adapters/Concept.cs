namespace Diffusion.Mesh.Import.Adapters;

/// <summary>A learned concept (Gal et al. 2022): vectors that stand for a name in prompts.</summary>
/// <param name="Name">What is written in a prompt, for all vectors at once.</param>
/// <param name="Vectors">By text encoder: one row for each vector, as many for each encoder.</param>
internal sealed record Concept(string Name, IReadOnlyDictionary<string, Factor> Vectors)
{
    public int Count => Vectors.Values.First().Rows;

    /// <summary>The names of its tokens: the first is the concept's own, the others are numbered, as in diffusers.</summary>
    public IEnumerable<string> Tokens => Enumerable.Range(0, Count).Select(i => i == 0 ? Name : $"{Name}_{i}");
}
