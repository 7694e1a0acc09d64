using System.Collections.Concurrent;
using System.Net;
using Diffusion.Mesh.TelemetryTests.Otlp;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>A collector of metrics: OTLP over gRPC on a free port of the loopback interface.</summary>
internal sealed class MetricsReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Exports _exports;

    private MetricsReceiver(WebApplication app, Exports exports) => (_app, _exports) = (app, exports);

    /// <summary>Everything that came, as Prometheus has it.</summary>
    public IReadOnlyList<Sample> Received => [.. _exports.Requests.SelectMany(Samples.From)];

    /// <summary>The standard variables that send a process's metrics here, every half second.</summary>
    public (string Name, string Value)[] Environment =>
    [
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", _app.Urls.Single()),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
    ];

    public static async Task<MetricsReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<Exports>();
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<Endpoint>();
        await app.StartAsync();
        return new MetricsReceiver(app, app.Services.GetRequiredService<Exports>());
    }

    /// <summary>Waits for samples of which one is as wanted.</summary>
    public async Task SampleAsync(Func<Sample, bool> wanted)
    {
        while (true)
        {
            var next = _exports.Next;
            if (Received.Any(wanted))
                return;
            await next;
        }
    }

    /// <summary>Waits until so many more exports have come.</summary>
    public async Task ExportsAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await _exports.Next;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private sealed class Exports
    {
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<ExportMetricsServiceRequest> Requests { get; } = [];

        public Task Next => Volatile.Read(ref _next).Task;

        public void Add(ExportMetricsServiceRequest request)
        {
            Requests.Enqueue(request);
            Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    private sealed class Endpoint(Exports exports) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            exports.Add(request);
            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }
}
