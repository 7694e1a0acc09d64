using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Unet;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Tests;

/// <summary>One more UNet worker on the default model, which a test may stop.</summary>
internal sealed class UnetWorker : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private UnetWorker(WebApplication app, string name)
    {
        (_app, Name, Address) = (app, name, Listeners.GrpcAddress(app));
        _channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions { MaxReceiveMessageSize = MessageLimits.Largest });
        Client = new(_channel);
    }

    public string Name { get; }

    public Uri Address { get; }

    public V1.Unet.UnetClient Client { get; }

    public Readiness Readiness => _app.Services.GetRequiredService<Readiness>();

    public static async Task<UnetWorker> StartAsync(string name)
    {
        var app = MeshHost.Build(new UnetRole(), MeshFixture.Options(name), builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        await app.Services.GetRequiredService<Readiness>().WhenReady;
        return new UnetWorker(app, name);
    }

    /// <summary>What a stop signal does.</summary>
    public void SignalStop() => _app.Lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
