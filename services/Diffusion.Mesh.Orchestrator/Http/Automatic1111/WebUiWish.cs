using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A request of AUTOMATIC1111's API, translated.</summary>
/// <param name="Schedule">The schedule's name there.</param>
/// <param name="BatchSize">As it came; the request's count is this times <paramref name="Iterations"/>.</param>
/// <param name="Iterations">As it came.</param>
/// <param name="ClipSkip">In AUTOMATIC1111's counting: 1 leaves no layer out.</param>
internal sealed record WebUiWish(GenerateRequest Request, string Schedule, int BatchSize, int Iterations, int ClipSkip);
