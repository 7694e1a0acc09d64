using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Takes a job through the pipeline to its end.</summary>
internal sealed partial class JobRun(
    GenerationPipeline pipeline, IJobStore store, JobEnding endings, JobPace pace, ServiceTelemetry telemetry, TraceRing traces, ILogger<JobRun> logger)
{
    /// <summary>Runs a job to an end, to its hand-over, or until it is another owner's.</summary>
    /// <param name="ending">Called when the work is over and its end is about to be written.</param>
    /// <param name="abandon">Ends the wait for a store that is away.</param>
    public async Task RunAsync(Job job, Action ending, CancellationToken abandon)
    {
        Activity.Current = null;
        LogTaken(job.Id, job.Epoch, job.Checkpoint?.State.Position ?? 0);
        traces.Claim(job.Id, job.Tenant, job.Trace);
        if (job.Epoch == 1 && job.Trace != default)
            telemetry.Source.StartActivity(TelemetryNames.QueueSpan, ActivityKind.Internal, job.Trace, startTime: job.Accepted)?.Dispose();
        var begun = pace.Begin();
        var end = await WorkAsync(job);
        pace.End(begun, end?.State == State.JobState.Done);
        await job.Outbox.StopAsync();
        // Whoever sees the job's end sees its spans. One that is handed over writes its last state yet.
        if (end is not null)
            job.Steps.Dispose();
        if (job.Reason == StopReason.Lost)
            endings.LogLost(job.Id, job.Epoch);
        else if (end is null)
            await ReleaseAsync(job, abandon);
        else
            await EndAsync(job, end, ending, abandon);
    }

    private Task EndAsync(Job job, JobEnd end, Action ending, CancellationToken abandon)
    {
        ending();
        var ended = new EndingJob(job.Id, job.Tenant, job.Request.Model.Name, job.Epoch, job.Accepted, job.Deadline);
        return endings.WriteAsync(ended, end, abandon);
    }

    // Null: to be handed over.
    private async Task<JobEnd?> WorkAsync(Job job)
    {
        try
        {
            return endings.Done(job, await pipeline.RunAsync(job));
        }
        catch (Exception) when (job.Reason is StopReason.HandedOver or StopReason.Lost)
        {
            return null;
        }
        catch (Exception e)
        {
            return endings.Early(job.Id, job.Why(e), job.Outbox.Reserve(1));
        }
    }

    private async Task ReleaseAsync(Job job, CancellationToken abandon)
    {
        try
        {
            await job.Outbox.FlushAsync(abandon);
            await store.ReleaseAsync(job.Id, job.Epoch, abandon);
            LogReleased(job.Id);
        }
        catch (Exception e) when (e is StateUnavailableException or OperationCanceledException)
        {
            // Its lease expires by itself.
            LogNotReleased(job.Id, e.Message);
        }
    }

    [LoggerMessage(236, LogLevel.Information, "Job {Job} is taken under epoch {Epoch}, from evaluation {Position} on")]
    private partial void LogTaken(string job, long epoch, uint position);

    [LoggerMessage(204, LogLevel.Information, "Job {Job} was handed over")]
    private partial void LogReleased(string job);

    [LoggerMessage(205, LogLevel.Warning, "Job {Job} was not handed over and will be taken over when its lease ends: {Reason}")]
    private partial void LogNotReleased(string job, string reason);
}
