using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Workers;

/// <summary>
/// The load of a worker whose calls are alike: as many mean forward passes as there are calls. A worker that knows better builds on this message.
/// </summary>
public sealed class AdmittedLoad<TPart>(
    ModelHost<TPart> models, Admission admission, ExecutionGate gate, Readiness readiness, ServiceOptions options) : IWorkerLoad
    where TPart : class, IDisposable
{
    /// <inheritdoc/>
    public WorkerLoad Read()
    {
        var admitted = admission.Admitted;
        var load = new WorkerLoad
        {
            Worker = options.Name,
            Version = ServiceVersion.Text,
            Serving = readiness.IsReady,
            Draining = readiness.IsDraining,
            Admitted = (uint)admitted,
            Capacity = (uint)options.Capacity,
            Rows = (uint)gate.Passes,
            QueuedSeconds = admitted * gate.MeanSeconds,
            PassSeconds = gate.MeanSeconds,
        };
        load.Models.AddRange(models.Loaded.Select(m => new LoadedModel { Name = m.Name, Revision = m.Revision }));
        return load;
    }
}
