using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Cli;

/// <summary>What <c>mesh generate</c> was asked for.</summary>
/// <param name="Request">The request, but for its model.</param>
/// <param name="Output">The file to write.</param>
/// <param name="Model">A model's name or folder; null: the server's default.</param>
/// <param name="Servers">Orchestrators, of which one that answers is taken; none: in this process.</param>
/// <param name="Key">The API key for them; null: none.</param>
/// <param name="Models">In this process: the folder of model folders.</param>
internal sealed record Wish(GenerateRequest Request, FileInfo Output, string? Model, IReadOnlyList<Uri> Servers, string? Key, string Models);
