namespace Diffusion.Mesh.Workers;

/// <summary>
/// One forward pass at a time, first come first served: each pass uses every core or the whole accelerator, so two at once only slow each other down,
/// and calls that need many passes take turns.
/// </summary>
public sealed class ExecutionGate(TimeProvider time) : IDisposable
{
    // The newest pass counts an eighth: what passes cost follows the work that comes, and one odd pass does not upset it.
    private const double Weight = 1.0 / 8;

    private readonly SemaphoreSlim _gate = new(1);
    private double _meanSeconds;
    private int _passes;

    /// <summary>Passes that wait or run now.</summary>
    public int Passes => Volatile.Read(ref _passes);

    /// <summary>What a pass takes, as measured lately, in seconds; 0 before the first.</summary>
    public double MeanSeconds => Volatile.Read(ref _meanSeconds);

    /// <summary>Waits for the turn and runs <paramref name="work"/> on a thread of the pool.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _passes);
        try
        {
            await _gate.WaitAsync(cancellation);
            try
            {
                return await Task.Run(() => Measure(work), cancellation);
            }
            finally
            {
                _gate.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _passes);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    // Inside the gate: nobody else writes the mean.
    private T Measure<T>(Func<T> work)
    {
        var started = time.GetTimestamp();
        var result = work();
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        Volatile.Write(ref _meanSeconds, _meanSeconds == 0 ? seconds : _meanSeconds + Weight * (seconds - _meanSeconds));
        return result;
    }
}
