using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Diffusion.Mesh.FunctionalTests.Otlp;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A collector of traces, metrics and logs: OTLP over HTTP/1.1 with protobuf, and over gRPC, on two free ports.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    public const string HttpProtobuf = "http/protobuf";
    public const string Grpc = "grpc";

    private readonly WebApplication _app;
    private readonly ReceivedExports _exports;

    private OtlpReceiver(WebApplication app, ReceivedExports exports) => (_app, _exports) = (app, exports);

    /// <summary>Every span that came.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _exports.Traces.Select(ExportTraceServiceRequest.Parser.ParseFrom).SelectMany(ReceivedSpan.From)];

    /// <summary>Every point of a metric that came, the oldest first: counters and histograms grow from export to export.</summary>
    public IReadOnlyList<ReceivedPoint> Points => [.. _exports.Metrics.Select(ExportMetricsServiceRequest.Parser.ParseFrom).SelectMany(ReceivedPoint.From)];

    /// <summary>Every export of metrics, as it came.</summary>
    public IReadOnlyCollection<byte[]> MetricExports => _exports.Metrics;

    /// <summary>Every log record that came.</summary>
    public IReadOnlyList<ReceivedLog> Logs => [.. _exports.Logs.Select(ExportLogsServiceRequest.Parser.ParseFrom).SelectMany(ReceivedLog.From)];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var exports = new ReceivedExports();
        builder.Services.AddSingleton(exports);
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<TraceEndpoint>();
        app.MapGrpcService<MetricsEndpoint>();
        app.MapGrpcService<LogsEndpoint>();
        MapHttp(app, "traces", exports.Traces);
        MapHttp(app, "metrics", exports.Metrics);
        MapHttp(app, "logs", exports.Logs);
        await app.StartAsync();
        return new OtlpReceiver(app, exports);
    }

    /// <summary>The standard variables that send a process's telemetry here.</summary>
    public (string Name, string Value)[] Environment(string protocol)
    {
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        return
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", protocol == Grpc ? addresses[1] : addresses[0]),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ];
    }

    /// <summary>Whether any byte that came spells this text.</summary>
    public bool Saw(string text) => _exports.All.Any(e => e.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    // Every response is an empty message: nothing was refused.
    private static void MapHttp(WebApplication app, string signal, ConcurrentQueue<byte[]> exports) =>
        app.MapPost($"/v1/{signal}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            exports.Enqueue(body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });

    private sealed class TraceEndpoint(ReceivedExports exports) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            exports.Traces.Enqueue(request.ToByteArray());
            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }

    private sealed class MetricsEndpoint(ReceivedExports exports) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            exports.Metrics.Enqueue(request.ToByteArray());
            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }

    private sealed class LogsEndpoint(ReceivedExports exports) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context)
        {
            exports.Logs.Enqueue(request.ToByteArray());
            return Task.FromResult(new ExportLogsServiceResponse());
        }
    }

    private sealed class ReceivedExports
    {
        public ConcurrentQueue<byte[]> Traces { get; } = new();

        public ConcurrentQueue<byte[]> Metrics { get; } = new();

        public ConcurrentQueue<byte[]> Logs { get; } = new();

        public IEnumerable<byte[]> All => [.. Traces, .. Metrics, .. Logs];
    }
}
