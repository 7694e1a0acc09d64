using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Diffusion.Mesh.Hosting;

/// <summary>Traces, exported over OTLP when an endpoint is set by OpenTelemetry's standard variables, and not otherwise.</summary>
internal static class TelemetrySetup
{
    private static readonly string[] EndpointVariables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    public static void Add(IServiceCollection services, ServiceRole role, ServiceOptions options)
    {
        services.AddSingleton(_ => new ServiceTelemetry(role.SourceName));
        if (EndpointVariables.All(v => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(v))))
            return;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") ?? $"diffusion-mesh-{role.Name}",
                serviceNamespace: "diffusion-mesh",
                serviceInstanceId: options.Name))
            .WithTracing(tracing => tracing.AddSource(role.SourceName).AddOtlpExporter());
    }
}
