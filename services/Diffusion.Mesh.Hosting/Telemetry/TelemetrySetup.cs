using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Diffusion.Mesh.Hosting;

/// <summary>Traces, metrics and logs, exported over OTLP when an endpoint is set by OpenTelemetry's standard variables, and not otherwise.</summary>
internal static class TelemetrySetup
{
    public static void Add(IServiceCollection services, ServiceRole role, ServiceOptions options)
    {
        services.AddSingleton(_ => new ServiceTelemetry(role.SourceName));
        services.AddSingleton(provider => new ServiceMeter(provider.GetRequiredService<IMeterFactory>(), role.SourceName));
        services.AddSingleton(ContentCapture.From(Environment.GetEnvironmentVariable));
        services.AddSingleton<CallMetrics>();
        services.AddSingleton<IHostMetrics, ReadyGauge>();
        services.AddHostedService<MetricsStart>();
        var signals = ExportedSignals.From(Environment.GetEnvironmentVariable);
        if (!signals.Any)
            return;
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, role, options));
        if (signals.Traces)
            telemetry.WithTracing(tracing => tracing.AddSource(role.SourceName).AddOtlpExporter(To("TRACES")));
        if (signals.Metrics)
            telemetry.WithMetrics(metrics => HostMeters.Collect(metrics, role, options).AddOtlpExporter(To("METRICS")));
        if (signals.Logs)
            telemetry.WithLogging(logging => logging.AddOtlpExporter(To("LOGS")), log => log.IncludeFormattedMessage = true);
    }

    private static Action<OtlpExporterOptions> To(string signal) =>
        exporter => SignalExport.Configure(exporter, signal, Environment.GetEnvironmentVariable);

    // What the operator's variables say of the resource goes before what is known here.
    private static void Describe(ResourceBuilder resource, ServiceRole role, ServiceOptions options) => resource
        .AddService(
            $"diffusion-mesh-{role.Name}",
            serviceNamespace: "diffusion-mesh",
            serviceVersion: typeof(TelemetrySetup).Assembly.GetName().Version!.ToString(3),
            autoGenerateServiceInstanceId: false,
            serviceInstanceId: InstanceId(options))
        .AddEnvironmentVariableDetector();

    // Several workers of a machine that nobody named are told apart by their ports.
    private static string InstanceId(ServiceOptions options) =>
        options.Name == Environment.MachineName && options.Grpc.Port != 0 ? $"{options.Name}:{options.Grpc.Port}" : options.Name;
}
