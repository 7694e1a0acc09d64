using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Tests;

/// <summary>The orchestrator takes a job from a worker that drains to another one, and nobody sees it in the picture.</summary>
[Collection(MeshCollection.Name)]
public sealed class TakeOverTests(MeshFixture mesh)
{
    [Fact]
    public async Task Generate_WorkerDrainsInTheMiddle_GivesTheSamePicture()
    {
        await using var one = await UnetWorker.StartAsync($"one-{Guid.NewGuid():N}");
        await using var two = await UnetWorker.StartAsync($"two-{Guid.NewGuid():N}");
        var workers = new HashSet<string>();
        using var listener = Listen(worker =>
        {
            if (worker is not null && (worker == one.Name || worker == two.Name) && workers.Add(worker) && workers.Count == 1)
                (worker == one.Name ? one : two).SignalStop();
        });
        await using var orchestrator = MeshHost.Build(
            new OrchestratorRole(), Options(one.Address, two.Address), builder => builder.Logging.ClearProviders());
        await orchestrator.StartAsync();
        using var channel = GrpcChannel.ForAddress(Listeners.GrpcAddress(orchestrator));
        var request = StateCases.Request("euler_a", 60);

        var pictures = await new Generation.GenerationClient(channel).PicturesAsync(request);

        Assert.Equal([one.Name, two.Name], workers.Order());
        Assert.Equal(Assert.Single(await mesh.Generation.PicturesAsync(request)).Rgb, Assert.Single(pictures).Rgb);
        await orchestrator.StopAsync();
    }

    // The orchestrator's step spans name the worker.
    private static ActivityListener Listen(Action<string?> seen)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == new OrchestratorRole().SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => seen(span.GetTagItem(TelemetryNames.Worker) as string),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private ServiceOptions Options(params Uri[] unets) => new()
    {
        Grpc = ListenAddress.AnyLoopback,
        Models = MeshFixture.ModelsRoot,
        Model = [mesh.Model.Name],
        TextEncoders = [mesh.Cluster.TextEncoder],
        Unets = unets,
        Vaes = [mesh.Cluster.Vae],
    };
}
