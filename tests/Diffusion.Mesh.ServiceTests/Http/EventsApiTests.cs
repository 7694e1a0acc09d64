using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Streams of server-sent events.</summary>
public sealed class EventsApiTests(RedisServer redis) : ApiTest, IClassFixture<RedisServer>
{
    [Fact]
    public async Task Follow_LastEventId_GoesOnBehindIt()
    {
        await StartAsync();
        var id = await SubmitAsync();
        Go();
        var all = (await EventsAsync(id)).Where(e => e.Id.Length > 0).ToArray();

        var rest = await EventsAsync(id, all[0].Id);
        var nothing = await EventsAsync(id, all[^1].Id);
        var wrong = await ProblemAsync(await GetAsync($"/api/jobs/{id}/events?after=x"));

        Assert.Equal(all[1..].Select(e => (e.Name, e.Id)), rest.Select(e => (e.Name, e.Id)));
        Assert.Empty(nothing);
        Assert.Equal(["after"], wrong.Fields);
    }

    [Fact]
    public async Task Follow_QueuedJob_TellsItsPosition()
    {
        await StartAsync(s => s with { Running = 1 });
        await SubmitAsync();
        var second = await SubmitAsync();
        var events = EventsAsync(second);
        using (var response = await GetAsync($"/api/jobs/{second}/events"))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync(Patience.Token) != "event: position")
            {
            }

            Assert.Equal("""data: {"queue_position":1}""", await reader.ReadLineAsync(Patience.Token));
        }

        Go();

        Assert.Equal("done", (await events)[^1].Name);
    }

    [Fact]
    public async Task Follow_ServerThatDrains_EndsWithoutAnEndAndTheNextGoesOn()
    {
        await StartAsync(s => s with { Redis = redis.Address });
        var id = await SubmitAsync();
        using var response = await GetAsync($"/api/jobs/{id}/events");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync(Patience.Token) != "event: queued")
        {
        }

        var queued = (await reader.ReadLineAsync(Patience.Token))!;
        var stopped = Orchestrator.Stop();
        var tail = await reader.ReadToEndAsync(Patience.Token);
        await stopped;
        await StartAsync(s => s with { Redis = redis.Address });
        Go();
        var events = await EventsAsync(id, queued["id: ".Length..]);

        Assert.DoesNotContain("event: done", tail, StringComparison.Ordinal);
        Assert.DoesNotContain("event: failed", tail, StringComparison.Ordinal);
        Assert.Contains(": This server stops", tail, StringComparison.Ordinal);
        Assert.Equal("done", events[^1].Name);
        Assert.DoesNotContain("queued", events.Select(e => e.Name));
    }

    [Fact]
    public async Task Write_ReaderThatTakesNothing_IsCutOff()
    {
        var time = new ManualTime();
        var context = new DefaultHttpContext();
        var body = new StalledStream();
        context.Response.Body = body;
        await using var stream = new EventStream(context.Response, time, CancellationToken.None);

        var writing = stream.WriteAsync(new GenerateEvent { Step = new Step { Completed = 1 } });
        var waiting = stream.CommentAsync("");
        await body.Written.WaitAsync(Patience.Time);
        time.Advance(TimeSpan.FromSeconds(31));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    // Takes what is written and never comes to an end with it.
    private sealed class StalledStream : MemoryStream
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _written.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
