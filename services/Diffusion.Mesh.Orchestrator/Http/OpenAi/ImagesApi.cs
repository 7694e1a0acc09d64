using System.Globalization;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Pictures while the client waits: who leaves has no job any more.</summary>
internal sealed class ImagesApi(ImageBody body, AttendedJobs attended, ImageAnswer answer, ImageStream stream, TimeProvider time)
{
    // OpenAI's clients tell so how many seconds they wait for an answer to begin.
    private const string Patience = "X-Stainless-Timeout";

    public Task GenerateAsync(ApiCall call) => MakeAsync(call, ImageCall.Generation);

    public Task EditAsync(ApiCall call) => MakeAsync(call, ImageCall.Edit);

    public Task VaryAsync(ApiCall call) => MakeAsync(call, ImageCall.Variation);

    private async Task MakeAsync(ApiCall call, ImageCall kind)
    {
        var wish = await body.ReadAsync(call, kind);
        if (wish.Stream)
        {
            await stream.WriteAsync(call, wish, Accepted);
            return;
        }

        var news = new ImageNews();
        var id = await attended.RunOnceAsync(wish.Request, call.Caller, Deadline(call), news, Accepted, wish.CanReturn, call.Cancellation, withFiles: false);
        await answer.WriteAsync(call, wish, id, news);

        void Accepted(string job) => call.Response.Headers[OpenAiEndpoints.CallId] = job;
    }

    private DateTimeOffset Deadline(ApiCall call) =>
        ushort.TryParse(call.Request.Headers[Patience], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? time.GetUtcNow() + TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.MaxValue;
}
