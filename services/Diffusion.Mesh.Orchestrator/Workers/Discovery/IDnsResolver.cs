using System.Net;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Looks names up.</summary>
internal interface IDnsResolver
{
    /// <summary>The addresses of a name; none where it does not exist now, as that of a headless service without pods.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody could be asked.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellation);
}
