using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Workers;

/// <summary>How busy this worker is.</summary>
public interface IWorkerLoad
{
    /// <summary>The load now, as a message of the caller's own. Called ten times a second for each that watches, from any thread: it must be cheap.</summary>
    WorkerLoad Read();
}
