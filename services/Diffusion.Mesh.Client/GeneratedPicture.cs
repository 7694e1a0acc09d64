using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Client;

/// <summary>A finished picture.</summary>
/// <param name="File">The whole picture file.</param>
/// <param name="Format">Its format.</param>
/// <param name="Score">With candidates: cosine similarity of the picture's and the prompt's CLIP embeddings, -1 to 1.</param>
public sealed record GeneratedPicture(ReadOnlyMemory<byte> File, ImageFormat Format, double? Score);

/// <summary>A finished job.</summary>
/// <param name="Pictures">In the job's order; with candidates the best first.</param>
/// <param name="Settings">The request as the server understood it, with the seed in use.</param>
/// <param name="Done">Warnings and times.</param>
public sealed record GeneratedPictures(IReadOnlyList<GeneratedPicture> Pictures, Queued Settings, Done Done);
