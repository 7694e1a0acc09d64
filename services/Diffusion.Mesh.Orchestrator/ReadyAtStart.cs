using Diffusion.Mesh.Hosting;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The orchestrator has nothing to load: it takes work as soon as it listens, with or without workers.</summary>
internal sealed class ReadyAtStart(Readiness readiness) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        readiness.SetReady();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
