namespace Diffusion.Mesh.Workers;

/// <summary>
/// One forward pass at a time, first come first served: each pass uses every core or the whole accelerator, so two at once only slow each other down,
/// and calls that need many passes take turns.
/// </summary>
public sealed class ExecutionGate : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>
    /// Waits for the turn and runs <paramref name="work"/>. Where nobody else waits it stays on the caller's thread, and so on its core: a hop for each
    /// step of a small model costs several per cent.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            return work();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
