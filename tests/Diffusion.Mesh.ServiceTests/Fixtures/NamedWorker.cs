using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Grpc.Net.Client;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Workers that are known by their addresses and never called.</summary>
internal static class NamedWorker
{
    public static Worker Of(WorkerRole role, Uri address, ServiceTelemetry telemetry) => new(role, address, GrpcChannel.ForAddress(address), telemetry);
}
