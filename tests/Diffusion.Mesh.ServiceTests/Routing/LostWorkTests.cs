using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Workers that die or hang: whose fault it is, and who goes on.</summary>
public sealed class LostWorkTests : FakeTest
{
    [Fact]
    public async Task Generate_EveryWorkerThatRunsItDies_IsGivenUpAfterThree()
    {
        using var told = new SemaphoreSlim(0);
        // Each dies when the client has heard of it: what a torn connection still held would be lost.
        async Task DieAsync(FakeDenoising call)
        {
            await call.AcceptAsync();
            await call.ProgressAsync((uint)Attempt(call.Job) - 1);
            await told.WaitAsync(Patience.Token);
            call.Context.GetHttpContext().Abort();
        }

        FakeUnet[] unets = [.. Enumerable.Range(0, 5).Select(_ => new FakeUnet(DieAsync))];
        using var call = (await OrchestrateAsync(unets)).Client().Generate(Wishes.Quick(steps: 10));

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(Patience.Token))
            {
                if (call.ResponseStream.Current.Step is not null)
                    told.Release();
            }
        });

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        var jobs = unets.SelectMany(u => u.Jobs).ToArray();
        Assert.Equal([1, 2, 3], jobs.Select(Attempt).Order());
        Assert.Contains(Log.Lines, l => l.StartsWith("Warning", StringComparison.Ordinal) && l.Contains($"Job {jobs[0].JobId} is given up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Generate_WorkersDieBeforeTheyTakeIt_AreNoDeathsOfItsMaking()
    {
        FakeUnet[] unets = [Dying(), Dying(), Dying(), Willing()];
        var client = (await OrchestrateAsync(unets)).Client();

        for (var i = 0; i < unets.Length; i++)
            Assert.NotNull((await client.FulfilAsync(Wishes.Quick()))[^1].Done);

        Assert.True(unets.Sum(u => u.Jobs.Count) > unets.Length);
    }

    [Fact]
    public async Task Generate_HandedBackManyTimes_IsNoDeath()
    {
        var times = 0;
        var unet = new FakeUnet(async call =>
        {
            await call.AcceptAsync();
            if (Interlocked.Increment(ref times) < 5)
                await call.Responses.WriteAsync(new DenoiseResponse { HandedBack = new HandedBack() });
            else
                await call.FinishAsync();
        });
        var client = (await OrchestrateAsync([unet])).Client();

        Assert.NotNull((await client.FulfilAsync(Wishes.Quick()))[^1].Done);

        Assert.Equal([1, 2, 3, 4, 5], unet.Jobs.Select(Attempt));
    }

    [Fact]
    public async Task Generate_WorkerDiesOnceAndComesBack_TheSameWorkerEndsIt()
    {
        var dead = new TaskCompletionSource();
        var unet = new FakeUnet(async call =>
        {
            await call.AcceptAsync();
            if (dead.TrySetResult())
                call.Context.GetHttpContext().Abort();
            else
                await call.FinishAsync();
        });
        var client = (await OrchestrateAsync([unet])).Client();

        Assert.NotNull((await client.FulfilAsync(Wishes.Quick()))[^1].Done);

        Assert.Equal(2, unet.Jobs.Count);
    }

    [Fact]
    public async Task Generate_WorkerHangs_ItsJobIsMovedWhenItsLoadHasBeenSilent()
    {
        var time = new ManualTime();
        var taken = new TaskCompletionSource<FakeDenoising>(TaskCreationOptions.RunContinuationsAsynchronously);
        var hung = new FakeUnet(async call =>
        {
            await call.AcceptAsync();
            taken.SetResult(call);
            await call.HangAsync();
        })
        { Load = new FakeLoad { IsSilent = true } };
        // It tells nothing, so it is asked last and cannot fall silent.
        var other = Willing();
        var orchestrator = await OrchestrateAsync(
            [hung, other], s => s with { Configure = builder => builder.Services.AddSingleton<TimeProvider>(time) });
        await orchestrator.KnowsAsync(workers => workers.Any(w => w.Load is not null));

        var generating = orchestrator.Client().FulfilAsync(Wishes.Quick());
        var first = await taken.Task.WaitAsync(Patience.Time);
        while (!generating.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), Patience.Token);
        }

        var events = await generating;

        Assert.NotNull(events[^1].Done);
        Assert.Equal((1, 2), (Attempt(first.Job), Attempt(Assert.Single(other.Jobs))));
        Assert.Contains(Log.Lines, l => l.Contains("is lost. It fell silent.", StringComparison.Ordinal));
    }

    // The epoch without the part of the job's holder.
    private static int Attempt(DenoiseJob job) => (int)(job.Epoch & 0xFFFF);

    // Its connection breaks before it has said that it takes the job.
    private static FakeUnet Dying() => new(call =>
    {
        call.Context.GetHttpContext().Abort();
        return Task.CompletedTask;
    });
}
