using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Makes jobs that can be run of those that were claimed.</summary>
internal sealed class JobPreparing(
    RequestParser parser, IJobStore store, JobEnding ending, ServiceOptions options, ServiceTelemetry telemetry, StageMetrics stages, RunMetrics runs, TimeProvider time)
{
    /// <summary>Reads a claimed job; one that cannot be read has ended when this gives null.</summary>
    /// <param name="abandon">Ends the wait for a store that is away.</param>
    public async Task<Job?> PrepareAsync(ClaimedJob claimed, CancellationToken abandon)
    {
        try
        {
            var request = parser.Parse(V1.JobSpec.Parser.ParseFrom(claimed.Spec.Span).Request);
            if (claimed.Epoch == 1)
                stages.Queued(request.Model.Name, claimed.Started - claimed.Submitted);
            else
                runs.Resumed(RunMetrics.Orchestrator);
            return new Job(claimed, request, store, options.CheckpointTime, runs.Kept, telemetry, time);
        }
        catch (Exception e)
        {
            // It was accepted: by a server with wider limits, or another version.
            var job = new EndingJob(claimed.Id, claimed.Tenant, RequestMetrics.UnknownModel, claimed.Epoch, claimed.Submitted, claimed.Deadline);
            await ending.WriteAsync(job, ending.Early(claimed.Id, e, claimed.LastSequence + 1), abandon);
            return null;
        }
    }
}
