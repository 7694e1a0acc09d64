using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>A collector of traces in a process of its own: OTLP over HTTP, which takes what comes and counts its bytes.</summary>
internal sealed class SpanReceiver : IDisposable
{
    /// <summary>The command that starts one, before its port.</summary>
    public const string Command = "receive-spans";

    private const string Traces = "/v1/traces";
    private const string Bytes = "/bytes";

    private readonly Process _process;
    private readonly HttpClient _http;

    private SpanReceiver(Process process, int port) =>
        (_process, _http) = (process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") });

    /// <summary>The standard variables that send a process's traces here.</summary>
    public (string Name, string Value)[] Environment =>
    [
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", new Uri(_http.BaseAddress!, Traces).OriginalString),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
    ];

    public static async Task<SpanReceiver> StartAsync()
    {
        var port = ProcessCluster.FreePorts(1)[0];
        var receiver = new SpanReceiver(MeshProcess.Start("Diffusion.Mesh.Benchmarks", Command, $"{port}"), port);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await receiver.BytesAsync();
                return receiver;
            }
            catch (HttpRequestException) when (attempt < 600)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Serves until it is killed.</summary>
    public static async Task<int> ServeAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        var bytes = 0L;
        app.MapPost(Traces, async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            Interlocked.Add(ref bytes, body.Length);
            // An empty message is the answer to what was taken whole.
            return Results.Bytes([], "application/x-protobuf");
        });
        app.MapGet(Bytes, () => Interlocked.Read(ref bytes).ToString(CultureInfo.InvariantCulture));
        await app.RunAsync();
        return 0;
    }

    /// <summary>What came so far.</summary>
    public async Task<long> BytesAsync() => long.Parse(await _http.GetStringAsync(Bytes), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _http.Dispose();
    }
}
