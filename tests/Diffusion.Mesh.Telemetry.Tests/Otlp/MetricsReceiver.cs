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

    /// <summary>The standard variables that send a process's metrics here, every second.</summary>
    public (string Name, string Value)[] Environment =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.Single()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
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

    /// <summary>Waits for a coming export with such a point of a counter or gauge.</summary>
    public async Task PointAsync(string metric, Func<NumberDataPoint, bool> wanted)
    {
        for (var seen = _exports.Requests.Count; ; seen++)
        {
            await _exports.ReachAsync(seen + 1);
            var points = from resource in _exports.Requests.ElementAt(seen).ResourceMetrics
                         from scope in resource.ScopeMetrics
                         from one in scope.Metrics
                         where one.Name == metric
                         from point in one.Gauge?.DataPoints ?? one.Sum.DataPoints
                         select point;
            if (points.Any(wanted))
                return;
        }
    }

    /// <summary>Waits until so many more exports have come.</summary>
    public Task ExportsAsync(int count) => _exports.ReachAsync(_exports.Requests.Count + count);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private sealed class Exports
    {
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<ExportMetricsServiceRequest> Requests { get; } = [];

        public async Task ReachAsync(int count)
        {
            while (true)
            {
                var next = Volatile.Read(ref _next).Task;
                if (Requests.Count >= count)
                    return;
                await next;
            }
        }

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
