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

    /// <param name="role">Its kind.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="channel">To there.</param>
    /// <param name="telemetry">Has the spans of its calls.</param>
    /// <param name="metrics">Counts them.</param>
    /// <param name="time">Measures them.</param>
    public Worker(WorkerRole role, Uri address, GrpcChannel channel, ServiceTelemetry telemetry, CallMetrics metrics, TimeProvider time)
    {
        (Role, Address, _channel) = (role, address, channel);
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
