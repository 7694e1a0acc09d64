using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.Cli;

/// <summary>
/// A host that does not listen for stop signals: the command does, and stops the orchestrator first. Hosts that each heard the signal would all drain at
/// once, and a job could not end on workers that hand it back.
/// </summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
