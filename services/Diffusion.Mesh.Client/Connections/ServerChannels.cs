using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Client;

/// <summary>Channels to the servers, shared by all calls. After a failure a server gets a new one, which resolves its name anew; the old one goes when its last call has.</summary>
internal sealed class ServerChannels(MeshClientOptions options) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SharedChannel?[] _channels = new SharedChannel?[options.Servers.Count];
    private int _current;
    private bool _isDisposed;

    public int Count => options.Servers.Count;

    /// <summary>A client of the server that answered last; dispose it after its calls.</summary>
    public ServerLease Rent()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var shared = _channels[_current] ??= new SharedChannel(Open(options.Servers[_current]));
            shared.Users++;
            return new ServerLease(this, shared, _current, options.Servers[_current], new Generation.GenerationClient(shared.Channel.Intercept(WithKey)));
        }
    }

    /// <summary>A call failed: the next one goes elsewhere, or over a new connection.</summary>
    public void Avoid(ServerLease lease)
    {
        lock (_lock)
        {
            if (_channels[lease.Index] != lease.Shared)
                return;
            _channels[lease.Index] = null;
            lease.Shared.IsRetired = true;
            _current = (lease.Index + 1) % Count;
        }
    }

    public void Return(SharedChannel shared)
    {
        lock (_lock)
        {
            if (--shared.Users > 0 || !(shared.IsRetired || _isDisposed))
                return;
        }

        shared.Channel.Dispose();
    }

    public void Dispose()
    {
        SharedChannel[] open;
        lock (_lock)
        {
            _isDisposed = true;
            open = [.. _channels.OfType<SharedChannel>()];
        }

        foreach (var shared in open)
            shared.Channel.Dispose();
    }

    private GrpcChannel Open(Uri server)
    {
        var handler = options.Handler?.Invoke() ?? new SocketsHttpHandler();
        handler.EnableMultipleHttp2Connections = true;
        // A server that is gone without a word is noticed although a job sends nothing for long.
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        return GrpcChannel.ForAddress(server, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            // Whole previews are in one message.
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        });
    }

    private Metadata WithKey(Metadata headers)
    {
        if (options.ApiKey is { } key)
            headers.Add("authorization", $"Bearer {key}");
        return headers;
    }
}

/// <summary>A channel with its users, whom <see cref="ServerChannels"/> counts.</summary>
internal sealed class SharedChannel(GrpcChannel channel)
{
    public GrpcChannel Channel => channel;

    public int Users { get; set; }

    public bool IsRetired { get; set; }
}

/// <summary>The use of a server for a call.</summary>
internal sealed class ServerLease(ServerChannels channels, SharedChannel shared, int index, Uri server, Generation.GenerationClient client) : IDisposable
{
    public SharedChannel Shared => shared;

    public int Index => index;

    public Uri Server => server;

    public Generation.GenerationClient Client => client;

    public void Dispose() => channels.Return(shared);
}
