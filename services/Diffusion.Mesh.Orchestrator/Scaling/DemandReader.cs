using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Reads the demand from the store, once for all who ask within a second.</summary>
internal sealed class DemandReader(IJobStore store, StagePace pace, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private ScalingDemand? _demand;
    private long _readAt;

    /// <summary>The demand, at most a second old.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be asked: nothing old is passed off as new.</exception>
    public async Task<ScalingDemand> ReadAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_demand is null || time.GetElapsedTime(_readAt) >= Fresh)
            {
                _demand = null;
                _demand = ScalingDemand.Of(await store.CountAsync(cancellation), pace);
                _readAt = time.GetTimestamp();
            }

            return _demand;
        }
        finally
        {
            _reading.Release();
        }
    }
}
