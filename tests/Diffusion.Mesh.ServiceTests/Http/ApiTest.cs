using System.Net.Http.Json;
using System.Text.Json;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>A test of one orchestrator's HTTP API; its UNet worker waits until it may go on.</summary>
public abstract class ApiTest : FakeTest, IDisposable
{
    private readonly TaskCompletionSource _may = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _client = new() { Timeout = Patience.Time };

    private protected TemporaryKeys Keys { get; } = new();

    private protected RunningService Orchestrator { get; private set; } = null!;

    /// <summary>Where HTTP/1.1 is served.</summary>
    private protected Uri Address => Orchestrator.Addresses[^1];

    /// <summary>Lets the worker go on.</summary>
    private protected void Go() => _may.TrySetResult();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Keys.Dispose();
        _client.Dispose();
    }

    private protected async Task StartAsync(Func<OrchestratorSetup, OrchestratorSetup>? change = null)
    {
        Orchestrator = await OrchestrateAsync([Willing(_may.Task)], s => (change?.Invoke(s) ?? s) with { Http = true });
        // A drain waits for what runs.
        await KeepAsync(Task.FromResult(new AtTheEnd(Go)));
    }

    /// <summary>Starts an orchestrator that takes nobody without a key.</summary>
    private protected Task StartLockedAsync() => StartAsync(s => s with { Keys = Keys.Path, Anonymous = AnonymousCalls.Never });

    private protected static HttpRequestMessage Post(string path, object? body = null) => new(HttpMethod.Post, path) { Content = JsonContent.Create(body ?? new { }) };

    private protected async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, ApiKey? key = null)
    {
        request.RequestUri = new Uri(Address, request.RequestUri!.OriginalString);
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key.Text());
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private protected Task<HttpResponseMessage> GetAsync(string path, ApiKey? key = null) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), key);

    /// <summary>The status of an answer, its problem's code, and the fields that it names.</summary>
    private protected static async Task<(int Status, string Code, string[] Fields)> ProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
        string[] fields = problem.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateArray().Select(e => e.GetProperty("field").GetString()!)] : [];
        return ((int)response.StatusCode, problem.GetProperty("code").GetString()!, fields);
    }

    /// <summary>Submits a request that is quickly fulfilled, and gives the job's id.</summary>
    private protected async Task<string> SubmitAsync(ApiKey? key = null)
    {
        using var response = await SendAsync(Post("/api/jobs", new { prompt = "a red circle", seed = 7, schedule = new { steps = 2 } }), key);
        Assert.Equal(202, (int)response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>A job's events to the end of the stream; those without a name are left out.</summary>
    private protected async Task<IReadOnlyList<ServerSentEvent>> EventsAsync(string id, string after = "", ApiKey? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/jobs/{id}/events");
        if (after.Length > 0)
            request.Headers.Add("Last-Event-ID", after);
        using var response = await SendAsync(request, key);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return ServerSentEvent.Parse(await response.Content.ReadAsStringAsync(Patience.Token));
    }

    private sealed class AtTheEnd(Action act) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            act();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>An event of a stream.</summary>
internal sealed record ServerSentEvent(string Name, string Id, JsonElement Data)
{
    /// <summary>Those of a whole stream.</summary>
    public static IReadOnlyList<ServerSentEvent> Parse(string stream) =>
    [
        .. stream.Split("\n\n").Select(block => block.Split('\n').Where(l => l.Contains(": ")).ToLookup(l => l[..l.IndexOf(':')], l => l[(l.IndexOf(':') + 2)..]))
            .Where(fields => fields.Contains("event"))
            .Select(fields => new ServerSentEvent(fields["event"].Single(), fields["id"].SingleOrDefault(""), JsonDocument.Parse(fields["data"].Single()).RootElement)),
    ];
}
