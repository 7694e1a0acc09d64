using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>One service on free ports of the loopback interface, with a channel to it.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningService(WebApplication app)
    {
        _app = app;
        Addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a))];
        Channel = Open(Addresses[0]);
    }

    /// <summary>Of gRPC, of health and of HTTP/1.1, in this order; those that were asked for.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    public Uri Address => Addresses[0];

    public GrpcChannel Channel { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Where the models are that come with the repository.</summary>
    public static string Models => Path.Combine(TestFolders.Repository, "models");

    /// <param name="ready">False: do not wait until the service takes work.</param>
    public static async Task<RunningService> StartAsync(
        ServiceRole role, ErrorLog log, ServiceOptions? options = null, Action<WebApplicationBuilder>? configure = null, bool ready = true)
    {
        var app = MeshHost.Build(role, options ?? new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Models = Models }, builder =>
        {
            log.Attach(builder);
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        var service = new RunningService(app);
        if (ready)
            await app.Services.GetRequiredService<Readiness>().WhenReady.WaitAsync(Patience.Time);
        return service;
    }

    /// <summary>A channel without limits of its own: what is tested are the server's.</summary>
    public static GrpcChannel Open(Uri address) => GrpcChannel.ForAddress(
        address, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });

    /// <summary>Stops it as a stop signal does: when this returns it is draining, when the task ends it has stopped.</summary>
    public Task Stop()
    {
        _app.Lifetime.StopApplication();
        return _app.StopAsync();
    }

    /// <summary>Tears its connections, as far as a process can do that to itself.</summary>
    public Task KillAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
