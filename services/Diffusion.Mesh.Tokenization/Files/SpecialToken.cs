namespace Diffusion.Mesh.Tokenization.Files;

/// <summary>A token with a role of its own, as the files declare it.</summary>
/// <param name="Normalized">Whether it is looked for in normalized text instead of in the text as it is written.</param>
internal sealed record SpecialToken(string Content, bool Normalized);
