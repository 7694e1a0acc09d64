using Diffusion.Mesh.Hosting;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The kinds of workers.</summary>
internal enum WorkerRole
{
    TextEncoder,
    Unet,
    Vae,
}

/// <summary>A worker that can be called.</summary>
internal sealed class Worker : IDisposable
{
    private readonly GrpcChannel _channel;
    private int _calls;

    public Worker(WorkerRole role, Uri address, ServiceTelemetry telemetry)
    {
        (Role, Address) = (role, address);
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                // A worker that died without a word is noticed although a long step sends nothing.
                KeepAlivePingDelay = TimeSpan.FromSeconds(15),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
                // Our own spans carry the trace context.
                ActivityHeadersPropagator = null,
            },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MessageLimits.Largest,
            MaxSendMessageSize = MessageLimits.Largest,
            // A worker that comes back is tried again soon.
            MaxReconnectBackoff = TimeSpan.FromSeconds(2),
        });
        Invoker = _channel.Intercept(new TracingClientInterceptor(telemetry.Source));
    }

    public WorkerRole Role { get; }

    public Uri Address { get; }

    public CallInvoker Invoker { get; }

    /// <summary>Calls under way from here.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Counts a call until the result is disposed.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref _calls);
        return new CallCount(this);
    }

    public void Dispose() => _channel.Dispose();

    private sealed class CallCount(Worker worker) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref worker._calls);
    }
}
