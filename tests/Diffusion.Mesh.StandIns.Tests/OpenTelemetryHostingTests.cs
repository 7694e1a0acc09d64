using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Xunit;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class OpenTelemetryHostingTests
{
    [Fact]
    public async Task StopAsync_ActivityWasTraced_ReachesTheExporterWithItsResource()
    {
        using var source = new ActivitySource(nameof(StopAsync_ActivityWasTraced_ReachesTheExporterWithItsResource));
        var exporter = new RecordingExporter<Activity>(activity => activity.DisplayName);
        using (var host = await StartAsync(services => services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("mesh-under-test"))
            .WithTracing(tracing => tracing.AddSource(source.Name).AddProcessor(new BatchActivityExportProcessor(exporter)))))
        {
            source.StartActivity("denoise")?.Dispose();
            await host.StopAsync();
        }

        Assert.Equal(["denoise"], exporter.Exported);
        Assert.Contains(exporter.Resource!.Attributes, attribute => attribute is { Key: "service.name", Value: "mesh-under-test" });
    }

    [Fact]
    public async Task Dispose_MetricWasRecorded_ReachesTheExporter()
    {
        using var meter = new Meter(nameof(Dispose_MetricWasRecorded_ReachesTheExporter));
        var exporter = new RecordingExporter<Metric>(metric => metric.Name);
        using (await StartAsync(services => services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(meter.Name).AddReader(new PeriodicExportingMetricReader(exporter)))))
        {
            meter.CreateCounter<long>("steps").Add(3);
        }

        Assert.Equal(["steps"], exporter.Exported.Distinct());
    }

    [Fact]
    public async Task StartAsync_BeforeIt_NothingListens()
    {
        using var source = new ActivitySource(nameof(StartAsync_BeforeIt_NothingListens));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(source.Name));
        using var host = builder.Build();
        Assert.False(source.HasListeners());

        await host.StartAsync();

        Assert.True(source.HasListeners());
    }

    [Fact]
    public void AddOpenTelemetry_Twice_StartsOnceAndFirst()
    {
        var services = new ServiceCollection();
        services.AddHostedService<OtherService>();

        services.AddOpenTelemetry().WithTracing().WithMetrics();
        services.AddOpenTelemetry();

        var hosted = services.Where(service => service.ServiceType == typeof(IHostedService)).ToArray();
        Assert.Equal(2, hosted.Length);
        Assert.Equal(typeof(OtherService), hosted[^1].ImplementationType);
    }

    private static async Task<IHost> StartAsync(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed class RecordingExporter<T>(Func<T, string> describe) : BaseExporter<T>
        where T : class
    {
        public ConcurrentQueue<string> Exported { get; } = [];

        public Resource? Resource { get; private set; }

        public override ExportResult Export(in Batch<T> batch)
        {
            Resource = ParentProvider.GetResource();
            foreach (var item in batch)
                Exported.Enqueue(describe(item));
            return ExportResult.Success;
        }
    }

    private sealed class OtherService : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
