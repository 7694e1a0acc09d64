using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Takes a claimed job through the pipeline and writes how it ended: the one place that ends jobs.</summary>
internal sealed partial class JobRun(
    GenerationPipeline pipeline,
    RequestParser parser,
    IJobStore store,
    JobPace pace,
    ServiceOptions options,
    ServiceTelemetry telemetry,
    TraceRing traces,
    RequestMetrics requests,
    StageMetrics stages,
    RunMetrics runs,
    TimeProvider time,
    ILogger<JobRun> logger)
{
    // A store that is away is asked again this often.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Reads a claimed job; one that cannot be read has ended when this gives null.</summary>
    /// <param name="abandon">Ends the wait for a store that is away.</param>
    public async Task<Job?> PrepareAsync(ClaimedJob claimed, CancellationToken abandon)
    {
        try
        {
            var request = parser.Parse(JobSpec.Parser.ParseFrom(claimed.Spec.Span).Request);
            if (claimed.Epoch == 1)
                stages.Queued(request.Model.Name, claimed.Started - claimed.Submitted);
            else
                runs.Resumed(RunMetrics.Orchestrator);
            return new Job(claimed, request, store, options.CheckpointTime, runs.Kept, telemetry, time);
        }
        catch (Exception e)
        {
            // It was accepted: by a server with wider limits, or another version.
            var error = Worded(claimed.Id, e);
            var end = JobEnds.Early(error, claimed.LastSequence + 1, options.Retention);
            if (await PersistAsync(() => store.CompleteAsync(claimed.Id, claimed.Epoch, end, abandon), claimed.Deadline, abandon))
                requests.Ended(claimed.Id, claimed.Tenant, RequestMetrics.UnknownModel, end.State, (StatusCode)end.Status, time.GetUtcNow() - claimed.Submitted);
            return null;
        }
    }

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
            LogLost(job.Id, job.Epoch);
        else if (end is null)
            await ReleaseAsync(job, abandon);
        else
            await EndAsync(job, end, ending, abandon);
    }

    // Null: to be handed over.
    private async Task<JobEnd?> WorkAsync(Job job)
    {
        try
        {
            var done = await pipeline.RunAsync(job);
            LogDone(job.Id);
            return JobEnds.Done(job, done, job.Outbox.Step, options.Retention);
        }
        catch (Exception) when (job.Reason is StopReason.HandedOver or StopReason.Lost)
        {
            return null;
        }
        catch (Exception e)
        {
            return JobEnds.Early(Worded(job.Id, job.Why(e)), job.Outbox.Reserve(1), options.Retention);
        }
    }

    // Logged here and not where it is read: a detached job may have no reader.
    private RpcException Worded(string job, Exception reason)
    {
        if (JobEnds.Expected(reason) is { } expected)
        {
            LogEnded(job, expected.Status.Detail);
            return expected;
        }

        LogFailed(reason, job);
        return new RpcException(new Status(StatusCode.Internal, "An internal error happened; the server's log has it."));
    }

    private async Task EndAsync(Job job, JobEnd end, Action ending, CancellationToken abandon)
    {
        ending();
        if (await PersistAsync(() => store.CompleteAsync(job.Id, job.Epoch, end, abandon), job.Deadline, abandon))
            requests.Ended(job.Id, job.Tenant, job.Request.Model.Name, end.State, (StatusCode)end.Status, time.GetUtcNow() - job.Accepted);
        else
            LogLost(job.Id, job.Epoch);
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

    // The result is there, and is held until the store is back, or nobody wants it any more.
    private async Task<bool> PersistAsync(Func<Task<bool>> write, DateTimeOffset deadline, CancellationToken abandon)
    {
        while (true)
        {
            try
            {
                return await write();
            }
            catch (StateUnavailableException) when (time.GetUtcNow() < deadline)
            {
                await Task.Delay(Pause, time, abandon);
            }
        }
    }

    [LoggerMessage(236, LogLevel.Information, "Job {Job} is taken under epoch {Epoch}, from evaluation {Position} on")]
    private partial void LogTaken(string job, long epoch, uint position);

    [LoggerMessage(200, LogLevel.Information, "Job {Job} is done")]
    private partial void LogDone(string job);

    [LoggerMessage(201, LogLevel.Information, "Job {Job} ended early: {Reason}")]
    private partial void LogEnded(string job, string reason);

    [LoggerMessage(202, LogLevel.Error, "Job {Job} failed unexpectedly")]
    private partial void LogFailed(Exception error, string job);

    [LoggerMessage(203, LogLevel.Warning, "Job {Job} is another owner's: what was made here under epoch {Epoch} goes nowhere")]
    private partial void LogLost(string job, long epoch);

    [LoggerMessage(204, LogLevel.Information, "Job {Job} was handed over")]
    private partial void LogReleased(string job);

    [LoggerMessage(205, LogLevel.Warning, "Job {Job} was not handed over and will be taken over when its lease ends: {Reason}")]
    private partial void LogNotReleased(string job, string reason);
}
