using System.Net;
using System.Net.Sockets;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>Loopback ports that nobody uses.</summary>
internal static class FreePort
{
    // Below the range from which systems take the ports of outgoing connections: none of these is taken between the check and its use.
    private const int First = 15_000;
    private const int Last = 30_000;

    private static int _next = First + (Environment.ProcessId * 61 % (Last - First));

    public static int Next()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _next);
            if (port >= Last)
                Interlocked.CompareExchange(ref _next, First, port);
            else if (IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
