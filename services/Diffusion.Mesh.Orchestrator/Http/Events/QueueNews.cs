using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a stream tells beside the job's own events: the place in the queue while it changes, and that the server is still there.</summary>
internal sealed class QueueNews(Generations generations, Caller caller, EventStream stream, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Tells until cancelled.</summary>
    /// <param name="begin">Ends when there may be news.</param>
    public async Task TellAsync(V1.Job job, Task begin, CancellationToken cancellation)
    {
        await begin.WaitAsync(cancellation);
        uint told = 0;
        var quiet = time.GetTimestamp();
        while (job.State == V1.JobState.Queued)
        {
            if (job.HasQueuePosition && job.QueuePosition != told)
            {
                await stream.WriteAsync("position", null, new { job.QueuePosition, EstimatedTimeLeft = job.EstimatedTimeLeft?.ToTimeSpan().TotalSeconds });
                (told, quiet) = (job.QueuePosition, time.GetTimestamp());
            }

            await Task.Delay(Look, time, cancellation);
            if (time.GetElapsedTime(quiet) > Silence)
            {
                await stream.CommentAsync("");
                quiet = time.GetTimestamp();
            }

            job = await LookAsync(job, cancellation);
        }

        while (true)
        {
            await Task.Delay(Silence, time, cancellation);
            await stream.CommentAsync("");
        }
    }

    // The stream itself tells what has become of a job or a store that is gone.
    private async Task<V1.Job> LookAsync(V1.Job job, CancellationToken cancellation)
    {
        try
        {
            return await generations.GetAsync(caller, job.Id, cancellation);
        }
        catch (Exception e) when (e is ServiceException or StateUnavailableException)
        {
            return job;
        }
    }
}
