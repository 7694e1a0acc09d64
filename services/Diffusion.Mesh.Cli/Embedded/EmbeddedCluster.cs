using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.TextEncoder;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.Vae;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.Cli;

/// <summary>All four services in this process, talking over real gRPC on loopback: the embedded default.</summary>
public sealed class EmbeddedCluster : IAsyncDisposable
{
    private readonly WebApplication[] _services;

    private EmbeddedCluster(WebApplication[] services, Uri address, Uri? console, Uri[] workers)
    {
        _services = services;
        (Address, Console) = (address, console);
        (TextEncoder, Unet, Vae) = (workers[0], workers[1], workers[2]);
    }

    /// <summary>Where the orchestrator listens.</summary>
    public Uri Address { get; }

    /// <summary>Where the orchestrator serves the console and its API; null: nowhere.</summary>
    public Uri? Console { get; }

    /// <summary>Where the text encoder listens.</summary>
    public Uri TextEncoder { get; }

    /// <summary>Where the UNet worker listens.</summary>
    public Uri Unet { get; }

    /// <summary>Where the VAE listens.</summary>
    public Uri Vae { get; }

    /// <summary>Starts the services and waits until they are warm.</summary>
    /// <param name="options">The orchestrator's options; its workers get the same models and free ports.</param>
    /// <param name="configure">Further registrations, for each service.</param>
    /// <exception cref="OptionsException">The options cannot be used.</exception>
    /// <exception cref="Models.ModelFormatException">A model has a missing or broken part.</exception>
    /// <exception cref="Models.ModelRootException">There is no such model.</exception>
    public static async Task<EmbeddedCluster> StartAsync(
        ServiceOptions options, Action<WebApplicationBuilder> configure, CancellationToken cancellation)
    {
        if (options.Tls is not null)
            throw new OptionsException(["--tls-certificate is for services in processes of their own; what applications see is --public-tls-certificate."]);
        var started = new List<WebApplication>();
        try
        {
            ServiceRole[] roles = [new TextEncoderRole(), new UnetRole(), new VaeRole()];
            var workers = await Task.WhenAll(roles.Select(role => StartAsync(role, WorkerOptions(options), configure, started, cancellation)));
            var address = await StartAsync(new OrchestratorRole(), OrchestratorOptions(options, workers), configure, started, cancellation);
            foreach (var service in started)
                await service.Services.GetRequiredService<Readiness>().WhenReady.WaitAsync(cancellation);
            return new EmbeddedCluster([.. started], address, Listeners.HttpAddress(started[^1], options), workers);
        }
        catch
        {
            await StopAsync(started);
            throw;
        }
    }

    /// <summary>Waits until cancelled, and then until running jobs have ended or the drain is over.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => _services[^1].WaitForShutdownAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(_services);

    // Off the caller's thread, so that the services are built side by side.
    private static Task<Uri> StartAsync(
        ServiceRole role, ServiceOptions options, Action<WebApplicationBuilder> configure, List<WebApplication> started, CancellationToken cancellation) =>
        Task.Run(
            async () =>
            {
                var service = MeshHost.Build(role, options, builder =>
                {
                    builder.Services.AddSingleton<IHostLifetime, NoSignals>();
                    configure(builder);
                });
                lock (started)
                    started.Add(service);
                await service.StartAsync(cancellation);
                return Listeners.GrpcAddress(service);
            },
            cancellation);

    // The orchestrator goes first: what it runs still has workers.
    private static async Task StopAsync(IEnumerable<WebApplication> services)
    {
        foreach (var service in services.Reverse())
        {
            await service.StopAsync();
            await service.DisposeAsync();
        }
    }

    // Each role uses the options that concern it; the orchestrator tells of the process.
    private static ServiceOptions WorkerOptions(ServiceOptions options) =>
        options with { Grpc = ListenAddress.AnyLoopback, Health = null, Http = null, Scaler = null, PublicTls = null, OwnsProcess = false };

    private static ServiceOptions OrchestratorOptions(ServiceOptions options, Uri[] workers) =>
        options with { TextEncoders = [workers[0]], Unets = [workers[1]], Vaes = [workers[2]] };
}
