using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Grpc.Core;
using JobState = Diffusion.Mesh.State.JobState;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>How jobs end: as the store keeps it, and as clients get it.</summary>
internal static class JobEnds
{
    /// <summary>The end of a job that went well.</summary>
    /// <param name="step">The last step's event, so that who comes late sees it too; null: there was none.</param>
    public static JobEnd Done(Job job, Done done, JobEvent? step, TimeSpan retention)
    {
        var events = new List<JobEvent>();
        if (step is not null)
            events.Add(step);
        foreach (var picture in job.Pictures)
            events.Add(JobSlots.Event(job.Id, job.Outbox.Reserve(picture.Pieces), new GenerateEvent { Image = picture.Facts }));
        events.Add(JobSlots.Event(job.Id, job.Outbox.Reserve(1), new GenerateEvent { Done = done }));
        return new JobEnd
        {
            State = JobState.Done,
            Events = events,
            Results = [.. job.Pictures.Select(p => new ReadOnlyMemory<byte>(p.File))],
            Retention = retention,
        };
    }

    /// <summary>The end of a job that did not.</summary>
    /// <param name="error">Worded for its tenant.</param>
    /// <param name="sequence">The number for the event that has its details.</param>
    public static JobEnd Early(RpcException error, long sequence, TimeSpan retention) => new()
    {
        State = error.StatusCode == StatusCode.Cancelled ? JobState.Cancelled : JobState.Failed,
        Status = (int)error.StatusCode,
        Detail = error.Status.Detail,
        Events = RichErrors.Pack(error) is { } details ? [new JobEvent(JobSlots.Error, sequence, details)] : [],
        Retention = retention,
    };

    /// <summary>An exception as its tenant may read it; null: nobody expected it, and the log has more to say.</summary>
    public static RpcException? Expected(Exception error) => error switch
    {
        RpcException known => known,
        ServiceException expected => new RpcException(new Status(ErrorTable.Code(expected.Error), expected.Message)),
        _ => null,
    };

    /// <summary>The error that a job's streams end with.</summary>
    /// <param name="details">What came in the slot <see cref="JobSlots.Error"/>; null: nothing.</param>
    public static RpcException Error(JobInfo job, ReadOnlyMemory<byte>? details) =>
        details is { } bytes ? RichErrors.Unpack(bytes.ToArray()) : new RpcException(new Status((StatusCode)job.Status, Detail(job)));

    /// <summary>Why a job ended early, in words.</summary>
    public static string Detail(JobInfo job) => (StatusCode)job.Status switch
    {
        StatusCode.DeadlineExceeded => $"The deadline of job {job.Id} passed.",
        StatusCode.Cancelled => $"Job {job.Id} was cancelled.",
        _ => job.Detail,
    };
}
