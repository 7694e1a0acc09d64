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

    public Worker(WorkerRole role, Uri address, ServiceTelemetry telemetry, CallMetrics metrics, TimeProvider time)
    {
        (Role, Address) = (role, address);
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                // A connection whose other end is gone is given up, so that the next one can be made; calls have been moved by then (see LoadWatch).
                KeepAlivePingDelay = TimeSpan.FromSeconds(5),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
                // Our own spans carry the trace context.
                ActivityHeadersPropagator = null,
            },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MessageLimits.Largest,
            MaxSendMessageSize = MessageLimits.Largest,
            // A worker that comes back is tried again soon.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromSeconds(1),
        });
        Loads = new V1.Worker.WorkerClient(_channel);
        Invoker = _channel.Intercept(new ClientMetricsInterceptor(metrics, time), new TracingClientInterceptor(telemetry.Source));
    }

    public WorkerRole Role { get; }

    public Uri Address { get; }

    public CallInvoker Invoker { get; }

    /// <summary>Its stream of loads, which no trace has.</summary>
    public V1.Worker.WorkerClient Loads { get; }

    public void Dispose() => _channel.Dispose();
}
