namespace Diffusion.Mesh.Tokenization.Splitting;

/// <summary>A token that is found in the text as it is written, before words are split.</summary>
/// <param name="Normalized">Whether it is looked for in normalized text, so that upper case matches as well.</param>
internal sealed record AddedToken(string Content, int Id, bool Normalized);
