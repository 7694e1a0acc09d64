namespace Diffusion.Mesh.Tokenization.Splitting;

/// <summary>A part of a text: an added token where <see cref="TokenIds"/> is set, else text still to be tokenized.</summary>
internal readonly record struct TextPiece(int Start, int Length, int[]? TokenIds);
