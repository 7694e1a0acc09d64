using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A worker as operators see it.</summary>
/// <param name="Role">For example <c>text encoder</c>.</param>
/// <param name="Health"><c>serving</c>, <c>loading</c>, <c>draining</c>, <c>lost</c>, or <c>unknown</c> where it does not tell its load.</param>
/// <param name="IsCooling">It failed a moment ago, so others are preferred.</param>
/// <param name="Admitted">Calls that it has.</param>
/// <param name="QueuedSeconds">Seconds of its work.</param>
/// <param name="Load">As it was last told; null where it is not known.</param>
internal sealed record WorkerView(string Role, string Address, string Name, string Health, bool IsCooling, int Admitted, double QueuedSeconds, WorkerLoad? Load)
{
    public static WorkerView Of(Candidate worker) => new(
        WorkerCalls.Name(worker.Worker.Role),
        worker.Worker.Address.Authority,
        worker.Load?.Worker ?? worker.Worker.Address.Authority,
        HealthOf(worker),
        worker.IsCooling,
        worker.Admitted,
        worker.QueuedSeconds,
        worker.Load);

    private static string HealthOf(Candidate worker) => worker switch
    {
        { Standing: Standing.Lost } => "lost",
        { Standing: Standing.Unknown } => "unknown",
        { Load.Draining: true } => "draining",
        { Load.Serving: false } => "loading",
        _ => "serving",
    };
}
