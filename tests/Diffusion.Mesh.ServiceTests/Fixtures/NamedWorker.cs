using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.Testing;
using Grpc.Net.Client;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Workers that are known by their addresses and never called.</summary>
internal static class NamedWorker
{
    private static readonly CallMetrics s_metrics = new(new ServiceMeter(new TestMeters(isListening: false), "test"));

    public static Worker Of(WorkerRole role, Uri address, ServiceTelemetry telemetry) =>
        new(role, address, GrpcChannel.ForAddress(address), telemetry, s_metrics, TimeProvider.System);
}
