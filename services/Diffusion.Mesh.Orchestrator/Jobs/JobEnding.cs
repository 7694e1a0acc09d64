using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Writes how jobs end, and tells metrics and log of it.</summary>
internal sealed partial class JobEnding(IJobStore store, RequestMetrics requests, ServiceOptions options, TimeProvider time, ILogger<JobEnding> logger)
{
    // A store that is away is asked again this often.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The end of a job that went well.</summary>
    public JobEnd Done(Job job, V1.Done done)
    {
        LogDone(job.Id);
        return JobEnds.Done(job, done, job.Outbox.Step, options.Retention);
    }

    /// <summary>The end of a job that did not, worded for its tenant. Logged here and not where it is read: a detached job may have no reader.</summary>
    /// <param name="sequence">The number for the event that has its details.</param>
    public JobEnd Early(string job, Exception reason, long sequence) => JobEnds.Early(Worded(job, reason), sequence, options.Retention);

    /// <summary>Writes an end. Until the store is back it is held, or until nobody wants it any more.</summary>
    /// <param name="abandon">Ends the wait for a store that is away.</param>
    public async Task WriteAsync(EndingJob job, JobEnd end, CancellationToken abandon)
    {
        if (await PersistAsync(job, end, abandon))
            requests.Ended(job.Id, job.Tenant, job.Model, end.State, (StatusCode)end.Status, time.GetUtcNow() - job.Accepted);
        else
            LogLost(job.Id, job.Epoch);
    }

    /// <summary>What was made here goes nowhere: the job is another owner's.</summary>
    [LoggerMessage(203, LogLevel.Warning, "Job {Job} is another owner's: what was made here under epoch {Epoch} goes nowhere")]
    public partial void LogLost(string job, long epoch);

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

    private async Task<bool> PersistAsync(EndingJob job, JobEnd end, CancellationToken abandon)
    {
        while (true)
        {
            try
            {
                return await store.CompleteAsync(job.Id, job.Epoch, end, abandon);
            }
            catch (StateUnavailableException) when (time.GetUtcNow() < job.Deadline)
            {
                await Task.Delay(Pause, time, abandon);
            }
        }
    }

    [LoggerMessage(200, LogLevel.Information, "Job {Job} is done")]
    private partial void LogDone(string job);

    [LoggerMessage(201, LogLevel.Information, "Job {Job} ended early: {Reason}")]
    private partial void LogEnded(string job, string reason);

    [LoggerMessage(202, LogLevel.Error, "Job {Job} failed unexpectedly")]
    private partial void LogFailed(Exception error, string job);
}

/// <summary>A job that is to end.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Epoch">Under which it is this orchestrator's.</param>
/// <param name="Accepted">When it got its place in the queue.</param>
/// <param name="Deadline">Until when its end is worth writing.</param>
internal readonly record struct EndingJob(string Id, string Tenant, string Model, long Epoch, DateTimeOffset Accepted, DateTimeOffset Deadline);
