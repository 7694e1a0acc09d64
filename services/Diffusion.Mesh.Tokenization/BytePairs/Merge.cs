namespace Diffusion.Mesh.Tokenization.BytePairs;

/// <summary>What a pair of neighbours becomes. Merges of lower rank come first.</summary>
internal readonly record struct Merge(int Rank, int Id);
