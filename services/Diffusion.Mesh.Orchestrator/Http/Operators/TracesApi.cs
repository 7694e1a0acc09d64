using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Spans of recent generations, as this server's memory has them. They hold neither prompts nor pictures.</summary>
internal sealed class TracesApi(TraceRing ring)
{
    private const int MostTraces = 100;

    // They stand in spans where the server was told to put them there; not for every operator's eyes.
    private static readonly string[] Words = [TelemetryNames.InputMessages, TelemetryNames.NegativePrompt];

    /// <summary>The latest generations of all tenants.</summary>
    public Task RecentAsync(ApiCall call) => ApiJson.WriteAsync(call, new TracesAnswer(ring.Recent(MostTraces)));

    /// <summary>The spans of a job, whosever it is.</summary>
    public Task AnyAsync(ApiCall call) => WriteAsync(call, null);

    /// <summary>The spans of a job of the caller's tenant.</summary>
    public Task OwnAsync(ApiCall call) => WriteAsync(call, call.Caller.Tenant);

    private async Task WriteAsync(ApiCall call, string? tenant)
    {
        var spans = ring.Find(call.Route("id"), tenant);
        if (spans.Count == 0)
            throw new ServiceException(ServiceError.NotFound, "This server has no spans of such a job.");
        await ApiJson.WriteAsync(call, new SpansAnswer(call.Route("id"), [.. spans.Select(WithoutWords)]));
    }

    private static RecordedSpan WithoutWords(RecordedSpan span) => span with { Tags = span.Tags.Where(tag => !Words.Contains(tag.Key)).ToDictionary() };
}
