namespace Diffusion.Mesh.Workers;

/// <summary>
/// One forward pass at a time, first come first served: each pass uses every core or the whole accelerator, so two at once only slow each other down,
/// and calls that need many passes take turns.
/// </summary>
public sealed class ExecutionGate : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Waits for the turn and runs <paramref name="work"/> on a thread of the pool.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return await Task.Run(work, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
