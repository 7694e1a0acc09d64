namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Keeps retries from multiplying the calls of workers that fail anyway, as gRPC's retry throttling does: a failure takes a token, a success brings one
/// back, and there are retries while more than half of the tokens are left.
/// </summary>
/// <param name="tokens">The most; as many at the start.</param>
internal sealed class RetryBudget(int tokens)
{
    private readonly Lock _lock = new();
    private int _spent;

    /// <summary>A call succeeded.</summary>
    public void Refill()
    {
        lock (_lock)
            _spent = Math.Max(_spent - 1, 0);
    }

    /// <summary>A call failed.</summary>
    /// <returns>True when it may be tried again.</returns>
    public bool Spend()
    {
        lock (_lock)
        {
            _spent = Math.Min(_spent + 1, tokens);
            return 2 * _spent < tokens;
        }
    }
}
