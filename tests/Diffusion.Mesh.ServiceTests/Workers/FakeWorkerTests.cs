using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Which worker gets a job, and who gets it next.</summary>
public sealed class FakeWorkerTests : FakeTest
{
    [Fact]
    public async Task Generate_OneJobAfterTheOther_WorkersTakeTurns()
    {
        FakeUnet[] unets = [Willing(), Willing()];
        var client = (await OrchestrateAsync(unets)).Client();

        // The first prompt is encoded, the others come from the cache: that must not disturb the turns.
        for (var i = 0; i < 6; i++)
            await client.FulfilAsync(Wishes.Quick());

        Assert.Equal([3, 3], unets.Select(u => u.Jobs.Count));
    }

    [Fact]
    public async Task Generate_OneWorkerBusy_TheIdleOneIsPreferred()
    {
        var may = new TaskCompletionSource();
        var taken = new TaskCompletionSource<FakeDenoising>(TaskCreationOptions.RunContinuationsAsynchronously);
        // The worker that gets the first job keeps it, whichever it is.
        async Task KeepFirst(FakeDenoising call)
        {
            if (taken.TrySetResult(call))
                await may.Task.WaitAsync(call.Context.CancellationToken);
            await call.FinishAsync();
        }

        FakeUnet[] unets = [new(KeepFirst), new(KeepFirst)];
        var client = (await OrchestrateAsync(unets)).Client();
        using var held = client.Generate(Wishes.Quick());
        await taken.Task.WaitAsync(Patience.Time);

        for (var i = 0; i < 4; i++)
            await client.FulfilAsync(Wishes.Quick());
        may.SetResult();
        await Wishes.ReadAsync(held);

        Assert.Equal([1, 4], unets.Select(u => u.Jobs.Count).Order());
    }

    [Fact]
    public async Task Generate_FullWorker_TheOtherDoesIt()
    {
        var full = new FakeUnet(_ => throw new RpcException(new Status(StatusCode.ResourceExhausted, "full")));
        var willing = Willing();
        var client = (await OrchestrateAsync([full, willing])).Client();

        for (var i = 0; i < 2; i++)
            Assert.NotNull((await client.FulfilAsync(Wishes.Quick()))[^1].Done);

        Assert.Equal((1, 2), (full.Jobs.Count, willing.Jobs.Count));
    }

    [Fact]
    public async Task Generate_WorkerThatNobodyHears_TheOtherDoesIt()
    {
        var willing = Willing();
        var client = (await OrchestrateAsync([willing], s => s with { Unets = [OrchestratorSetup.Nobody, .. s.Unets] })).Client();

        for (var i = 0; i < 2; i++)
            Assert.NotNull((await client.FulfilAsync(Wishes.Quick()))[^1].Done);

        Assert.Equal(2, willing.Jobs.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Generate_JobHandedBack_GoesOnFromItsStateUnderAHigherEpoch(bool begun)
    {
        var state = begun ? new SamplerState { Position = 5, Noise = new NoiseStream { Images = 1 } } : null;
        var draining = new FakeUnet(async call =>
        {
            await call.AcceptAsync();
            await call.Responses.WriteAsync(new DenoiseResponse { HandedBack = new HandedBack { State = state } });
        });
        DenoiseJob? taken = null;
        var next = new FakeUnet(async call =>
        {
            taken = call.Job;
            await call.Responses.WriteAsync(new DenoiseResponse { Denoised = new Denoised { Latents = Shapes.Latents() } });
        });
        var client = (await OrchestrateAsync([draining, next])).Client();

        // Whoever is asked first: of two jobs, one goes to the draining worker.
        while (draining.Jobs.Count == 0)
            await client.FulfilAsync(Wishes.Quick());

        Assert.Equal((1ul << 16) + 2, taken!.Epoch);
        Assert.Equal(draining.Jobs.Single().JobId, taken.JobId);
        Assert.Equal(state, taken.State);
        Assert.Equal(!begun, taken.Noise is not null);
    }

    [Fact]
    public async Task Generate_EveryWorkerHandsBack_IsUnavailable()
    {
        var draining = new FakeUnet(call => call.Responses.WriteAsync(new DenoiseResponse { HandedBack = new HandedBack() }));
        var client = (await OrchestrateAsync([draining, draining])).Client();

        var error = await client.FailAsync(Wishes.Quick());

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal(new RoutingOptions().MaxFailures, draining.Jobs.Count);
    }

    [Fact]
    public async Task Generate_StreamEndsWithoutAResult_TheOtherDoesIt()
    {
        var forgetful = new FakeUnet(call => call.AcceptAsync());
        var willing = Willing();
        var client = (await OrchestrateAsync([forgetful, willing])).Client();

        for (var i = 0; i < 2; i++)
            Assert.NotNull((await client.FulfilAsync(Wishes.Quick()))[^1].Done);

        Assert.Equal(2, willing.Jobs.Count);
    }
}
