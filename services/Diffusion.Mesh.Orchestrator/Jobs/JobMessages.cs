using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Google.Protobuf.WellKnownTypes;
using JobState = Diffusion.Mesh.State.JobState;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Jobs as messages.</summary>
internal static class JobMessages
{
    /// <param name="now">For what is left of a running job.</param>
    /// <param name="pace">For what is before a waiting one.</param>
    public static V1.Job Of(JobInfo job, DateTimeOffset now, JobPace pace)
    {
        var (model, revision) = JobModels.Parse(job.Model);
        var message = new V1.Job
        {
            Id = job.Id,
            State = State(job.State),
            RequestId = job.RequestId,
            Model = model,
            ModelRevision = revision,
            Completed = (uint)job.Completed,
            Evaluations = (uint)job.Evaluations,
            EstimatedTimeLeft = Left(job, now, pace)?.ToDuration(),
            AcceptedTime = job.Submitted.ToTimestamp(),
            StartedTime = job.Started?.ToTimestamp(),
            EndedTime = job.Ended?.ToTimestamp(),
            Deadline = job.Deadline.ToTimestamp(),
            Error = job.Status == 0 ? null : new JobError { Code = job.Status, Message = JobEnds.Detail(job) },
            Expiry = job.Expires?.ToTimestamp(),
            Pictures = (uint)job.Results,
        };
        if (job.QueuePosition is { } position)
            message.QueuePosition = (uint)position;
        return message;
    }

    /// <summary>A filter's state; null: all.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: it is none.</exception>
    public static JobState? Filter(V1.JobState state) => state switch
    {
        V1.JobState.Unspecified => null,
        V1.JobState.Queued => JobState.Queued,
        V1.JobState.Running => JobState.Running,
        V1.JobState.Done => JobState.Done,
        V1.JobState.Failed => JobState.Failed,
        V1.JobState.Cancelled => JobState.Cancelled,
        _ => throw RichErrors.BadRequest([new("state", "It must be QUEUED, RUNNING, DONE, FAILED or CANCELLED.")]),
    };

    private static V1.JobState State(JobState state) => state switch
    {
        JobState.Queued => V1.JobState.Queued,
        JobState.Running => V1.JobState.Running,
        JobState.Done => V1.JobState.Done,
        JobState.Failed => V1.JobState.Failed,
        _ => V1.JobState.Cancelled,
    };

    // The two clocks may differ: never below zero.
    private static TimeSpan? Left(JobInfo job, DateTimeOffset now, JobPace pace)
    {
        if (job is { State: JobState.Queued, QueuePosition: { } position })
            return pace.Left((int)position);
        if (job is not { State: JobState.Running, Completed: > 0, Started: { } started })
            return null;
        var each = (now - started) / job.Completed;
        return each > TimeSpan.Zero ? each * Math.Max(0, job.Evaluations - job.Completed) : TimeSpan.Zero;
    }
}
