using System.Net;
using System.Net.Sockets;
using Diffusion.Mesh.Hosting;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Connections to workers: in the clear, or where this process has an identity for the cluster by that.</summary>
internal sealed class WorkerChannels(TlsRings rings)
{
    /// <summary>A channel, which connects when it is first used.</summary>
    /// <param name="address">Where the worker is.</param>
    /// <param name="option">What named it: over TLS a worker that was looked up must prove this name.</param>
    public GrpcChannel Open(Uri address, Uri option)
    {
        var handler = Handler();
        var target = address;
        if (address.Scheme == Uri.UriSchemeHttps && rings.Cluster is { } ring)
        {
            handler.SslOptions = ring.Client();
            if (ServiceAddress.IsDns(option))
            {
                target = ServiceAddress.ByName(option, isSecure: true)!;
                handler.ConnectCallback = (_, cancellation) => ConnectAsync(address, cancellation);
            }
        }

        return GrpcChannel.ForAddress(target, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MessageLimits.Largest,
            MaxSendMessageSize = MessageLimits.Largest,
            // A worker that comes back is tried again soon.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromSeconds(1),
        });
    }

    private static SocketsHttpHandler Handler() => new()
    {
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // A connection whose other end is gone is given up, so that the next one can be made; calls have been moved by then (see LoadWatch).
        KeepAlivePingDelay = TimeSpan.FromSeconds(5),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        // Our own spans carry the trace context.
        ActivityHeadersPropagator = null,
    };

    private static async ValueTask<Stream> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address.DnsSafeHost), address.Port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
