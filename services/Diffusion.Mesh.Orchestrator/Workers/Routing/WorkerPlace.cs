namespace Diffusion.Mesh.Orchestrator;

/// <summary>A call's place at a worker, until it is disposed.</summary>
/// <param name="seconds">What the call is expected to take.</param>
/// <param name="turn">Grows with each place of the pool.</param>
/// <param name="entered">Timestamp.</param>
internal sealed class WorkerPlace(WorkerPool pool, WorkerState state, WorkerCall call, double seconds, long turn, long entered) : IDisposable
{
    public Worker Worker => state.Worker;

    public WorkerState State => state;

    public WorkerCall Call => call;

    public double Seconds => seconds;

    public long Turn => turn;

    public long Entered => entered;

    /// <summary>Cancelled when the worker falls silent.</summary>
    public CancellationToken Lost { get; } = state.Lost.Token;

    public void Dispose() => pool.Leave(this);
}
