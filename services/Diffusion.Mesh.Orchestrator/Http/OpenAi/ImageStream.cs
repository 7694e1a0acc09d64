using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// A job as OpenAI's server-sent events. What is wrong before the job has its place is an answer like any other; what happens later ends the stream with an
/// <c>error</c> event.
/// </summary>
internal sealed class ImageStream(AttendedJobs attended, ImageAnswer answer, ApiProblems problems, TimeProvider time)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public async Task WriteAsync(ApiCall call, ImageWish wish, Action<string> accepted)
    {
        // Also cancelled when the client takes nothing any more.
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
        await using var stream = new EventStream(call.Response, time, gone.Token);
        var events = new ImageEvents(stream, wish, gone, time);
        var alive = Task.CompletedTask;
        try
        {
            var id = await attended.RunOnceAsync(wish.Request, call.Caller, DateTimeOffset.MaxValue, events, Begin, wish.CanReturn, gone.Token, withFiles: false);
            foreach (var picture in events.News.Pictures)
                await events.CompleteAsync(picture, await answer.FileAsync(call.Caller.Tenant, id, (int)picture.Index, gone.Token));
        }
        catch (Exception e) when (call.Response.HasStarted && !gone.IsCancellationRequested)
        {
            await events.FailAsync(problems.Of(e, call.Context));
        }
        finally
        {
            await ended.CancelAsync();
            await alive.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        void Begin(string id)
        {
            accepted(id);
            alive = StayAliveAsync(call.Response, stream, gone, ended.Token);
        }
    }

    // However long the queue is, the stream does not look dead; and a client that is gone is noticed.
    private async Task StayAliveAsync(HttpResponse response, EventStream stream, CancellationTokenSource gone, CancellationToken ended)
    {
        while (true)
        {
            await Task.Delay(Silence, time, ended);
            if (!response.HasStarted)
                continue;
            try
            {
                await stream.CommentAsync("");
            }
            catch (Exception) when (!ended.IsCancellationRequested)
            {
                await gone.CancelAsync();
                throw;
            }
        }
    }
}
