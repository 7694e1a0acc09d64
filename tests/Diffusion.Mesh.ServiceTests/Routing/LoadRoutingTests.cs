using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Jobs go where the workers' streams of loads say that there is room.</summary>
public sealed class LoadRoutingTests : FakeTest
{
    [Fact]
    public async Task Generate_WorkersTellTheirQueues_TheLeastBusyGetsAll()
    {
        FakeUnet[] unets = [Telling(), Telling()];
        unets[0].Load!.Tell(l => l.QueuedSeconds = 100);
        var orchestrator = await OrchestrateAsync(unets);
        await orchestrator.KnowsAsync(workers => workers.All(w => w.Standing == Standing.Live));

        for (var i = 0; i < 4; i++)
            await orchestrator.Client().FulfilAsync(Wishes.Quick());

        Assert.Equal([0, 4], unets.Select(u => u.Jobs.Count));
    }

    [Fact]
    public async Task Generate_WorkerTellsThatItDrains_GetsNothingMore()
    {
        FakeUnet[] unets = [Telling(), Telling()];
        unets[1].Load!.Tell(l => l.QueuedSeconds = 100);
        var orchestrator = await OrchestrateAsync(unets);
        unets[0].Load!.Tell(l => (l.Serving, l.Draining) = (false, true));
        await orchestrator.KnowsAsync(workers => workers.All(w => w.Load is not null) && workers.Any(w => w.Load!.Draining));

        await orchestrator.Client().FulfilAsync(Wishes.Quick());

        Assert.Equal([0, 1], unets.Select(u => u.Jobs.Count));
    }

    [Fact]
    public async Task Generate_OpenBatchFits_IsJoinedAlthoughAnotherIsALittleLessBusy()
    {
        FakeUnet[] unets = [Telling(), Telling()];
        unets[0].Load!.Tell(l => l.QueuedSeconds = 1);
        unets[1].Load!.Tell(l =>
        {
            l.QueuedSeconds = 1.05;
            l.Shapes.Add(new ShapeLoad { Model = Shapes.Name, LatentHeight = 8, LatentWidth = 8, Rows = 2, FreeRows = 6, PassSeconds = 0.1 });
        });
        var orchestrator = await OrchestrateAsync(unets);
        await orchestrator.KnowsAsync(workers => workers.All(w => w.Load is not null));

        await orchestrator.Client().FulfilAsync(Wishes.Quick());

        Assert.Equal([0, 1], unets.Select(u => u.Jobs.Count));
    }

    [Fact]
    public async Task Generate_EveryWorkerIsFull_WaitsUntilOneTellsOfRoom()
    {
        var unet = Telling();
        unet.Load!.Tell(l => (l.Admitted, l.Capacity) = (1, 1));
        var orchestrator = await OrchestrateAsync([unet]);
        await orchestrator.KnowsAsync(workers => workers.All(w => w.IsFull));
        using var spans = new SpanRecorder();

        var generating = orchestrator.Client().FulfilAsync(Wishes.Quick(), spans.Headers);
        await spans.WhenEnded(Hosting.TelemetryNames.EncodeSpan);
        var before = unet.Jobs.Count;
        unet.Load!.Tell(l => l.Admitted = 0);

        Assert.NotNull((await generating)[^1].Done);
        Assert.Equal((0, 1), (before, unet.Jobs.Count));
    }

    [Fact]
    public async Task Generate_WorkerRefusesAndTellsItsLoad_IsAskedAgainWhenItHasRoom()
    {
        var refused = new TaskCompletionSource();
        FakeLoad load = new();
        var unet = new FakeUnet(async call =>
        {
            if (refused.TrySetResult())
                throw RichErrors.Full("full", FakeLoad.Idle());
            await call.AcceptAsync();
            await call.FinishAsync();
        })
        { Load = load };
        var orchestrator = await OrchestrateAsync([unet]);
        await orchestrator.KnowsAsync(workers => workers.All(w => w.Load is not null));

        var generating = orchestrator.Client().FulfilAsync(Wishes.Quick());
        await refused.Task.WaitAsync(Patience.Time);
        load.Tell(l => l.QueuedSeconds = 0.1);

        Assert.NotNull((await generating)[^1].Done);
        Assert.Equal(2, unet.Jobs.Count);
    }

    private static FakeUnet Telling() => new(async call =>
    {
        await call.AcceptAsync();
        await call.FinishAsync();
    })
    { Load = new FakeLoad() };
}
