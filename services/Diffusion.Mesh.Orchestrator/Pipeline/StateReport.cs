using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Keeps the states that a worker sends for whoever has to go on with the job.</summary>
internal sealed class StateReport(Job job, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();

    public void Report(SamplerState state, int attempt)
    {
        var checkpoint = new JobCheckpoint
        {
            State = state,
            DenoiseSeconds = (job.Checkpoint?.DenoiseSeconds ?? 0) + time.GetElapsedTime(_began).TotalSeconds,
        };
        job.Steps.Offer(checkpoint, attempt);
        job.Outbox.Keep(checkpoint);
    }
}
