using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Two orchestrators on one Redis; one of them gets a stop signal.</summary>
public sealed class HandOverTests(RedisServer redis) : FakeTest, IClassFixture<RedisServer>
{
    private readonly TaskCompletionSource<FakeDenoising> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DenoiseJob> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Drain_WorkerHandsBack_OtherGoesOnFromThatState()
    {
        var first = await StartAsync(async call =>
        {
            Assert.True(await call.Requests.MoveNext(Patience.Token));
            Assert.NotNull(call.Requests.Current.HandBack);
            await call.Responses.WriteAsync(new DenoiseResponse { HandedBack = new HandedBack { State = State(7) } });
        });
        using var call = first.Client().Generate(Wishes.Quick(steps: 9));
        var queued = await call.NextAsync(GenerateEvent.EventOneofCase.Queued);
        await _begun.Task.WaitAsync(Patience.Time);
        var second = await StartSecondAsync();

        var stopped = first.Stop();
        var error = await Assert.ThrowsAsync<RpcException>(() => Wishes.ReadAsync(call));
        using var again = second.Client().Watch(new WatchRequest { JobId = queued.JobId, AfterSequence = queued.Sequence });
        var events = await Wishes.ReadAsync(again);
        await stopped;

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains(queued.JobId, error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(7u, (await _taken.Task).State.Position);
        Assert.True((await _taken.Task).Epoch > (await _begun.Task).Job.Epoch);
        Assert.NotNull(events[^1].Done);
        Assert.Contains(Log.Lines, line => line.Contains($"Job {queued.JobId} was handed over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drain_WorkerThatDoesNotHandBack_OtherGoesOnFromTheLastState()
    {
        var first = await StartAsync(async call =>
        {
            await call.Responses.WriteAsync(new DenoiseResponse { State = State(5) });
            await call.HangAsync();
        });
        using var call = first.Client().Generate(Wishes.Quick(steps: 9));
        var queued = await call.NextAsync(GenerateEvent.EventOneofCase.Queued);
        await _begun.Task.WaitAsync(Patience.Time);
        var second = await StartSecondAsync();

        var stopped = first.Stop();
        using var again = second.Client().Watch(new WatchRequest { JobId = queued.JobId });
        var events = await Wishes.ReadAsync(again);
        await stopped;

        Assert.Equal(5u, (await _taken.Task).State.Position);
        Assert.NotNull(events[^1].Done);
    }

    [Fact]
    public async Task Disconnect_WatchedElsewhere_LeavesTheJob()
    {
        var may = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var grace = TimeSpan.FromMilliseconds(100);
        Func<OrchestratorSetup, OrchestratorSetup> shared = s => s with { Redis = redis.Address, DisconnectGrace = grace };
        var unet = Willing(may.Task);
        var first = await OrchestrateAsync([unet], shared);
        var second = await OrchestrateAsync([unet], shared);
        var call = first.Client().Generate(Wishes.Quick());
        var queued = await call.NextAsync(GenerateEvent.EventOneofCase.Queued);
        using var watched = second.Client().Watch(new WatchRequest { JobId = queued.JobId });
        await watched.NextAsync(GenerateEvent.EventOneofCase.Queued);
        using var left = first.Client().Generate(Wishes.Quick());
        var alone = await left.NextAsync(GenerateEvent.EventOneofCase.Queued);

        // The one that nobody watches shows that the other's grace is over, too.
        call.Dispose();
        left.Dispose();
        await UntilCancelledAsync(second, alone.JobId);
        may.SetResult();

        Assert.NotNull((await Wishes.ReadAsync(watched))[^1].Done);
    }

    private static SamplerState State(uint position) => new() { Position = position, Latents = Shapes.Latents() };

    private static async Task UntilCancelledAsync(RunningService orchestrator, string id)
    {
        using var patience = new CancellationTokenSource(Patience.Time);
        while ((await orchestrator.Client().GetJobAsync(new GetJobRequest { JobId = id })).State != JobState.Cancelled)
            await Task.Delay(10, patience.Token);
    }

    private Task<RunningService> StartAsync(Func<FakeDenoising, Task> work) => OrchestrateAsync(
        [
            new FakeUnet(async call =>
            {
                await call.AcceptAsync();
                _begun.TrySetResult(call);
                await work(call);
            }),
        ],
        s => s with { Redis = redis.Address });

    // Only once the first has the job: which of them gets it is no accident.
    private Task<RunningService> StartSecondAsync() => OrchestrateAsync(
        [
            new FakeUnet(async call =>
            {
                _taken.TrySetResult(call.Job);
                await call.AcceptAsync();
                await call.Responses.WriteAsync(new DenoiseResponse { Denoised = new Denoised { Latents = Shapes.Latents() } });
            }),
        ],
        s => s with { Redis = redis.Address });
}
