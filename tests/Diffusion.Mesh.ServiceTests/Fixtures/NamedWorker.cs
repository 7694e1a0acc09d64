using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Workers that are known by their addresses and never called.</summary>
internal static class NamedWorker
{
    private static readonly CallMetrics s_metrics =
        new(new ServiceMeter(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), "test"));

    public static Worker Of(WorkerRole role, Uri address, ServiceTelemetry telemetry) =>
        new(role, address, GrpcChannel.ForAddress(address), telemetry, s_metrics, TimeProvider.System);
}
