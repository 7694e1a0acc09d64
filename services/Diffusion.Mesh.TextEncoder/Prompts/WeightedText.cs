namespace Diffusion.Mesh.TextEncoder;

/// <summary>A piece of a prompt and how much attention it gets.</summary>
/// <param name="Text">The piece, without the brackets that weighted it.</param>
/// <param name="Weight">0 to 10; 1 is plain text.</param>
internal readonly record struct WeightedText(string Text, double Weight);
