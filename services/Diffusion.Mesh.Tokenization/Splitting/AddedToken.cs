namespace Diffusion.Mesh.Tokenization.Splitting;

/// <summary>A token that is found in the text as it is written, before words are split.</summary>
/// <param name="Ids">Its id; a concept of several vectors has one for each.</param>
/// <param name="Normalized">Whether it is looked for in normalized text, so that upper case matches as well.</param>
internal sealed record AddedToken(string Content, int[] Ids, bool Normalized);
