using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Unet;

/// <summary>A UNet worker's load: what its engine has in work, by measured cost.</summary>
internal sealed class UnetLoad(AdmittedLoad<UnetModel> admitted, StepEngine engine) : IWorkerLoad
{
    /// <inheritdoc/>
    public WorkerLoad Read()
    {
        var load = admitted.Read();
        var work = engine.Load;
        load.Rows = (uint)work.Rows;
        load.QueuedSeconds = work.QueuedSeconds;
        load.Shapes.AddRange(work.Shapes);
        return load;
    }
}
