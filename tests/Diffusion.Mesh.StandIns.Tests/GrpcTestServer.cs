using System.Net;
using Diffusion.Mesh.StandIns.Tests.Protos;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.StandIns.Tests;

/// <summary>A real Kestrel on the loopback interface, with every gRPC stand-in mapped, and a channel to it.</summary>
internal sealed class GrpcTestServer : IAsyncDisposable
{
    /// <summary>Longer than any test should take; a hang fails instead of blocking the run.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;

    private GrpcTestServer(WebApplication app, HttpMessageHandler? handler)
    {
        _app = app;
        Channel = GrpcChannel.ForAddress(app.Urls.Single(), new GrpcChannelOptions
        {
            HttpHandler = handler ?? new SocketsHttpHandler(),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
        });
        Echo = new Echo.EchoClient(Channel);
    }

    public GrpcChannel Channel { get; }

    public Echo.EchoClient Echo { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<GrpcTestServer> StartAsync(
        Action<IServiceCollection>? configure = null, Action<GrpcServiceOptions>? grpc = null, HttpMessageHandler? handler = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<GrpcEchoService.Signals>();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = null;
            grpc?.Invoke(options);
        });
        builder.Services.AddGrpcHealthChecks();
        builder.Services.AddGrpcReflection();
        configure?.Invoke(builder.Services);

        var app = builder.Build();
        app.MapGrpcService<GrpcEchoService>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        await app.StartAsync();
        return new GrpcTestServer(app, handler);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }
}
