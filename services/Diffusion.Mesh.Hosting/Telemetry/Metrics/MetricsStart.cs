using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.Hosting;

/// <summary>Makes and begins the metrics of a host.</summary>
internal sealed class MetricsStart(IEnumerable<IHostMetrics> metrics) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var one in metrics)
            one.Begin();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
