namespace Diffusion.Mesh.Fuzz;

/// <summary>What to do.</summary>
/// <param name="Cases">How many.</param>
/// <param name="Seed">Of all chance; the cases of a seed are always the same.</param>
/// <param name="Parallel">Cases under way at once.</param>
/// <param name="Redis">Address of the Redis that jobs are kept in; null: in memory.</param>
internal sealed record FuzzOptions(int Cases, int Seed, int Parallel, string? Redis);
