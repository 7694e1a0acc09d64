namespace Diffusion.Mesh.Orchestrator;

/// <summary>Knows the workers of each role.</summary>
internal interface IWorkerDirectory
{
    /// <summary>The workers of a role, the one to prefer first.</summary>
    IReadOnlyList<Worker> Find(WorkerRole role);
}
