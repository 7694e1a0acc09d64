using System.Collections.Immutable;

namespace Diffusion.Mesh.Tokenization;

/// <summary>One window of token ids, ready for a text encoder.</summary>
/// <param name="Ids">Of the window's length: begin token, text, end token, padding.</param>
/// <param name="TokenCount">The text's tokens before truncation, without begin, end and padding.</param>
/// <param name="Truncated">Whether tokens of the text were left out because the window is full.</param>
public sealed record Tokenization(ImmutableArray<int> Ids, int TokenCount, bool Truncated);
