using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Gauges over the store that all orchestrators share. It is asked only while somebody collects; while it is away nothing is told.</summary>
internal abstract class ClusterGauges<T>(Readiness readiness, TimeProvider time) : BackgroundService
    where T : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private volatile T? _latest;

    /// <summary>What was read last; null where there is nothing to tell.</summary>
    protected T? Latest => _latest;

    /// <summary>Whether somebody collects.</summary>
    protected abstract bool IsCollected { get; }

    /// <summary>Reads the store.</summary>
    protected abstract Task<T> ReadAsync(CancellationToken cancellation);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReady.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (IsCollected)
                _latest = await TryReadAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<T?> TryReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(cancellation);
        }
        catch (Exception e) when (e is StateUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }
}
