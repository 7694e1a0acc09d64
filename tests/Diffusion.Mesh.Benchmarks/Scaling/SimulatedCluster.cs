using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.TextEncoder;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.Vae;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>An orchestrator, a text encoder and a VAE as they are, and UNet workers on simulated accelerators: all in this process, over real gRPC.</summary>
internal sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly List<WebApplication> _services = [];

    public Uri Address { get; private set; } = null!;

    /// <summary>What the UNet workers run.</summary>
    public PassMeter Passes { get; } = new();

    /// <param name="unets">How many UNet workers.</param>
    /// <param name="rows">Rows that a forward pass has room for.</param>
    /// <param name="pass">How long one lasts.</param>
    /// <param name="running">Jobs that the orchestrator runs at once.</param>
    public static async Task<SimulatedCluster> StartAsync(int unets, int rows, TimeSpan pass, int running)
    {
        var cluster = new SimulatedCluster();
        var text = await cluster.StartAsync(new TextEncoderRole(), Worker(rows));
        var vae = await cluster.StartAsync(new VaeRole(), Worker(rows));
        var workers = new List<Uri>();
        for (var i = 0; i < unets; i++)
        {
            workers.Add(await cluster.StartAsync(new UnetRole(), Worker(rows), services =>
                services.AddSingleton<Func<ModelFacts, ExecutionOptions, UnetModel?>>(
                    (model, execution) => new SimulatedUnet(UnetModel.Load(model, execution), pass, cluster.Passes))));
        }

        cluster.Address = await cluster.StartAsync(new OrchestratorRole(), new ServiceOptions
        {
            Grpc = ListenAddress.AnyLoopback,
            Models = Models,
            TextEncoders = [text],
            Unets = workers,
            Vaes = [vae],
            Running = running,
        });
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        // The orchestrator goes first: what it runs still has workers.
        foreach (var service in Enumerable.Reverse(_services))
        {
            await service.StopAsync();
            await service.DisposeAsync();
        }
    }

    private static string Models => Path.Combine(TestFolders.Repository, "models");

    private static ServiceOptions Worker(int rows) => new()
    {
        Grpc = ListenAddress.AnyLoopback,
        Models = Models,
        Model = ["shapes"],
        MaxRows = rows,
    };

    private async Task<Uri> StartAsync(ServiceRole role, ServiceOptions options, Action<IServiceCollection>? change = null)
    {
        var service = MeshHost.Build(role, options, builder =>
        {
            builder.Logging.ClearProviders();
            change?.Invoke(builder.Services);
        });
        _services.Add(service);
        await service.StartAsync();
        await service.Services.GetRequiredService<Readiness>().WhenReady;
        return Listeners.GrpcAddress(service);
    }
}
