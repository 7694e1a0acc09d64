using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Diffusion.Mesh.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Jobs over HTTP.</summary>
public sealed class JobsApiTests : ApiTest
{
    [Fact]
    public async Task Submit_GoodRequest_TellsEventsAndGivesThePicture()
    {
        await StartAsync();

        var id = await SubmitAsync();
        Go();
        var events = await EventsAsync(id);
        var picture = await GetAsync(events.Single(e => e.Name == "picture").Data.GetProperty("url").GetString()!);
        var job = await (await GetAsync($"/api/jobs/{id}")).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("queued", events[0].Name);
        Assert.Equal("7", events[0].Data.GetProperty("seed").GetString());
        Assert.Contains("step", events.Select(e => e.Name));
        Assert.Equal("done", events[^1].Name);
        var ids = events.Where(e => e.Id.Length > 0).Select(e => ulong.Parse(e.Id)).ToArray();
        Assert.Equal(ids.Distinct().Order(), ids);
        Assert.Equal([1, 2, 3], await picture.Content.ReadAsByteArrayAsync());
        Assert.Equal("done", job.GetProperty("state").GetString());
        Assert.Equal("no-store", picture.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Submit_TrailersThatAreNone_400()
    {
        await StartAsync();
        using var connection = await RawConnection.OpenAsync(Address, $"POST /api/jobs HTTP/1.1\r\nHost: {Address.Authority}\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\na: \u00ff\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", await connection.ReadAsync(), StringComparison.Ordinal);
        // Kestrel takes it for an error of its own when it lets go of the body.
        Assert.Contains("Kestrel", Assert.ThrowsAny<Exception>(Log.AssertNoErrors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_ManyWrongFields_NamesEach()
    {
        await StartAsync();
        const string Body = """
            {"prompt": 5, "width": 13, "steps": 2, "seed": "-1", "schedule": {"steps": "2", "spacing": "wide"}, "count": 17, "sampler": [], "timeout_seconds": 0,
             "source": {"image": "*"}, "negative_prompt": "\ud800", "width": 64, "image_options": {"format": "gif", "text": {"a": 1}}}
            """;

        var problem = await ProblemAsync(await SendAsync(new(HttpMethod.Post, "/api/jobs") { Content = new StringContent(Body, Encoding.UTF8, "application/json") }));

        Assert.Equal((400, "INVALID_ARGUMENT"), (problem.Status, problem.Code));
        Assert.Equal(
            ["count", "image_options.format", "image_options.text.a", "negative_prompt", "prompt", "sampler", "schedule.spacing", "schedule.steps", "seed", "source.image", "steps",
                "timeout_seconds", "width"],
            problem.Fields.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Submit_NoObject_IsTold(string body)
    {
        await StartAsync();

        var problem = await ProblemAsync(await SendAsync(new(HttpMethod.Post, "/api/jobs") { Content = new StringContent(body, Encoding.UTF8, "application/json") }));

        Assert.Equal((400, "INVALID_ARGUMENT"), (problem.Status, problem.Code));
        Assert.Contains("body", problem.Fields);
    }

    [Fact]
    public async Task Submit_RequestOfGrpc_IsTheSameJobAndAnotherIsAConflict()
    {
        await StartAsync();
        var wish = Wishes.Quick();
        wish.RequestId = "mine";
        var job = await Orchestrator.Client().SubmitAsync(wish);

        var same = await SendAsync(Post("/api/jobs", new { request_id = "mine", prompt = "a red circle", seed = 7, schedule = new { steps = 2 } }));
        var other = await ProblemAsync(await SendAsync(Post("/api/jobs", new { request_id = "mine", prompt = "a blue circle" })));

        Assert.Equal(job.Id, (await same.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
        Assert.Equal($"/api/jobs/{job.Id}", same.Headers.Location?.OriginalString);
        Assert.Equal((409, "ALREADY_EXISTS"), (other.Status, other.Code));
    }

    [Fact]
    public async Task Submit_FullOrDraining_IsRefusedWithTheStatusForIt()
    {
        await StartAsync(s => s with { Running = 1, Queued = 0 });
        await SubmitAsync();

        var full = await SendAsync(Post("/api/jobs"));
        var fullProblem = await ProblemAsync(full);
        Orchestrator.Services.GetRequiredService<Readiness>().SetDraining();
        var draining = await ProblemAsync(await SendAsync(Post("/api/jobs")));

        Assert.Equal((429, "RESOURCE_EXHAUSTED"), (fullProblem.Status, fullProblem.Code));
        Assert.True(full.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal((503, "UNAVAILABLE"), (draining.Status, draining.Code));
    }

    [Fact]
    public async Task Submit_TooLargeABody_IsRefusedBeforeItIsRead()
    {
        await StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Address.Port);
        var stream = client.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/jobs HTTP/1.1\r\nHost: {Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: 70000000\r\n\r\n"));
        using var reader = new StreamReader(stream);

        Assert.StartsWith("HTTP/1.1 413 ", await reader.ReadLineAsync(Patience.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_ShortTimeout_EndsTheJob()
    {
        await StartAsync();
        using var response = await SendAsync(Post("/api/jobs", new { timeout_seconds = 0.3 }));
        var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;

        var events = await EventsAsync(id);

        Assert.Equal(("failed", "DEADLINE_EXCEEDED"), (events[^1].Name, events[^1].Data.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Cancel_RunningJob_EndsItsStreams()
    {
        await StartAsync();
        var id = await SubmitAsync();
        var events = EventsAsync(id);

        using var cancelled = await SendAsync(Post($"/api/jobs/{id}/cancel"));
        var again = await ProblemAsync(await SendAsync(Post("/api/jobs/nothing/cancel")));

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Equal(("failed", "CANCELLED"), ((await events)[^1].Name, (await events)[^1].Data.GetProperty("code").GetString()));
        Assert.Equal((404, "NOT_FOUND"), (again.Status, again.Code));
    }

    [Fact]
    public async Task List_PagesAndStates_AreThoseOfGrpc()
    {
        await StartAsync(s => s with { Running = 1 });
        string[] ids = [await SubmitAsync(), await SubmitAsync(), await SubmitAsync()];

        var first = await (await GetAsync("/api/jobs?page_size=2")).Content.ReadFromJsonAsync<JsonElement>();
        var rest = await (await GetAsync($"/api/jobs?page_token={first.GetProperty("next_page_token")}")).Content.ReadFromJsonAsync<JsonElement>();
        var wrong = await ProblemAsync(await GetAsync("/api/jobs?page_size=x&state=gone"));

        Assert.Equal(ids.Reverse(), first.GetProperty("jobs").EnumerateArray().Concat(rest.GetProperty("jobs").EnumerateArray()).Select(j => j.GetProperty("id").GetString()));
        Assert.Equal(["page_size", "state"], wrong.Fields);
    }

    [Fact]
    public async Task Models_AnybodyWhoMay_ReadsWhatTheyCanDo()
    {
        await StartAsync();

        var answer = await (await GetAsync("/api/models")).Content.ReadFromJsonAsync<JsonElement>();

        var model = Assert.Single(answer.GetProperty("models").EnumerateArray());
        Assert.Equal(Shapes.Name, model.GetProperty("info").GetProperty("name").GetString());
        Assert.Contains("euler", model.GetProperty("samplers").EnumerateArray().Select(s => s.GetString()));
        Assert.True(model.GetProperty("inpainting").GetBoolean());
        Assert.Equal(Shapes.Facts.Defaults.Steps, model.GetProperty("steps").GetInt32());
    }
}
