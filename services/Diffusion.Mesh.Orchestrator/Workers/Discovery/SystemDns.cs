using System.Net;
using System.Net.Sockets;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The system's resolver.</summary>
internal sealed class SystemDns : IDnsResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var all = await Dns.GetHostAddressesAsync(name, cancellation);
            // A host with addresses of both kinds is one worker, not two.
            var v4 = Array.FindAll(all, a => a.AddressFamily == AddressFamily.InterNetwork);
            return v4.Length > 0 ? v4 : all;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return [];
        }
    }
}
