using System.Globalization;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// A job's events as server-sent events. A stream that ends without <c>done</c> or <c>failed</c> is to be opened again, here or on another server, from the last
/// event's id on: browsers do so by themselves.
/// </summary>
internal sealed class EventsApi(Generations generations, AttendedJobs attended, TimeProvider time)
{
    private const int MostStreams = 1024;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private int _streams;

    public async Task FollowAsync(ApiCall call)
    {
        var id = call.Route("id");
        var after = After(call);
        var job = await generations.GetAsync(call.Caller, id, call.Cancellation);
        try
        {
            if (Interlocked.Increment(ref _streams) > MostStreams)
                throw RichErrors.Exhausted("As many streams are open as this server takes.", Again);
            await FollowAsync(call, job, after);
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task FollowAsync(ApiCall call, V1.Job job, ulong after)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
        await using var stream = new EventStream(call.Response, time, call.Cancellation);
        await stream.BeginAsync(Again);
        // Who comes back knows the first event already.
        var aside = new QueueNews(generations, call.Caller, stream, time).TellAsync(job, after == 0 ? stream.First : Task.CompletedTask, ended.Token);
        try
        {
            await attended.WatchAsync(call.Caller.Tenant, job.Id, after, stream, call.Cancellation, withFiles: false);
        }
        catch (RpcException e)
        {
            await stream.WriteAsync("failed", null, ApiProblems.Of(e));
        }
        catch (ServiceException e) when (e.Error == ServiceError.Unavailable)
        {
            await stream.CommentAsync("This server stops: go on with another one.");
        }
        finally
        {
            await ended.CancelAsync();
            await aside.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ulong After(ApiCall call)
    {
        // What a browser sends when it comes back goes before what was asked for at first.
        var text = call.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : call.Query("after");
        return text.Length == 0 ? 0
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after
            : throw RichErrors.BadRequest([new("after", "It must be the id of an event before.")]);
    }
}
