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

/// <summary>A collector of traces: OTLP over HTTP/1.1 with protobuf, and over gRPC, on two free ports.</summary>
internal sealed class TraceReceiver : IAsyncDisposable
{
    public const string HttpProtobuf = "http/protobuf";
    public const string Grpc = "grpc";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _exports;

    private TraceReceiver(WebApplication app, ConcurrentQueue<byte[]> exports) => (_app, _exports) = (app, exports);

    /// <summary>Everything that came.</summary>
    public IReadOnlyList<ReceivedSpan> Spans =>
        [.. _exports.Select(e => ExportTraceServiceRequest.Parser.ParseFrom(e)).SelectMany(ReceivedSpan.From)];

    public static async Task<TraceReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var exports = new ConcurrentQueue<byte[]>();
        builder.Services.AddSingleton(exports);
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<GrpcEndpoint>();
        app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            exports.Enqueue(body.ToArray());
            return Results.Bytes(new ExportTraceServiceResponse().ToByteArray(), "application/x-protobuf");
        });
        await app.StartAsync();
        return new TraceReceiver(app, exports);
    }

    /// <summary>The standard variables that send a process's traces here.</summary>
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
    public bool Saw(string text) => _exports.Any(e => e.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private sealed class GrpcEndpoint(ConcurrentQueue<byte[]> exports) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            exports.Enqueue(request.ToByteArray());
            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }
}
