using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;
using Worker = Diffusion.Mesh.Orchestrator.Worker;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Which of several workers a call goes to, by their reports alone.</summary>
public sealed class RouterTests : IDisposable
{
    private readonly ServiceTelemetry _telemetry = new("Diffusion.Mesh.Orchestrator");
    private readonly List<Worker> _workers = [];

    [Fact]
    public void Choose_Live_LeastQueuedWork() =>
        AssertChosen(1, [Live(seconds: 3), Live(seconds: 1), Live(seconds: 2)]);

    [Fact]
    public void Choose_EquallyBusy_TheOneNotChosenForLongest() =>
        AssertChosen(2, [Live() with { LastChosen = 7 }, Live() with { LastChosen = 9 }, Live() with { LastChosen = 4 }]);

    [Fact]
    public void Choose_WorkSentSinceTheReport_Counts() =>
        AssertChosen(1, [Live(seconds: 1) with { QueuedSeconds = 5 }, Live(seconds: 2)]);

    [Fact]
    public void Choose_FullOrPassedOver_IsLeftOut() =>
        AssertChosen(2, [Live() with { Admitted = 64 }, Live() with { IsPassedOver = true }, Live(seconds: 9) with { Admitted = 63 }]);

    [Fact]
    public void Choose_OtherModelOrRevision_IsLeftOut() => AssertChosen(2,
    [
        Live(change: l => l.Models[0].Name = "another"), Live(change: l => l.Models[0].Revision = "another"), Live(seconds: 9),
    ]);

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Choose_DrainingOrLoading_IsLeftOut(bool serving, bool draining) =>
        AssertChosen(1, [Live(change: l => (l.Serving, l.Draining) = (serving, draining)), Live(seconds: 9)]);

    [Fact]
    public void Choose_CoolingOrUnknown_ComeAfterThoseThatAreWell()
    {
        AssertChosen(1, [Unknown(), Live(seconds: 9), Live() with { IsCooling = true }]);
        AssertChosen(0, [Unknown(), Live() with { IsCooling = true }]);
        AssertChosen(1, [Unknown() with { IsCooling = true }, Live() with { IsCooling = true }]);
    }

    [Fact]
    public void Choose_Lost_OnlyWhereNobodyElseCanComeToHaveRoom()
    {
        AssertChosen(1, [Lost() with { IsCooling = true }, Lost()]);
        AssertChosen(null, [Lost(), Live() with { Admitted = 64 }]);
        AssertChosen(null, [Lost(), Live(change: l => l.Serving = false)]);
        AssertChosen(0, [Lost(), Live(change: l => l.Models.Clear())]);
    }

    [Fact]
    public void Choose_NobodyHasTheModel_SaysSo()
    {
        Assert.Equal(new Choice(null, IsUnknownModel: true), Router.Choose(Call(), [Live(change: l => l.Models.Clear())]));
        Assert.Equal(default, Router.Choose(Call(), []));
    }

    [Theory]
    // A pass takes 0.1 s: the open batch may end so much later, and no more.
    [InlineData(1.1, 1)]
    [InlineData(1.11, 0)]
    public void Choose_OpenBatch_IsPreferredIfItEndsAtMostAPassLater(double seconds, int expected) =>
        AssertChosen(expected, [Live(seconds: 1), Open(seconds, freeRows: 2)]);

    [Fact]
    public void Choose_BatchWithoutRoom_IsNotPreferred()
    {
        AssertChosen(0, [Live(seconds: 1), Open(1.05, freeRows: 1)]);
        AssertChosen(0, [Live(seconds: 1), Open(1.05, freeRows: 2, height: 16)]);
        // The rows that were sent since its report have taken the room.
        AssertChosen(0, [Live(seconds: 1), Open(1.05, freeRows: 2) with { Sent = [(Shapes.Name, Work(rows: 1))] }]);
    }

    [Fact]
    public void Seconds_SameShapeInWork_ByItsPasses() =>
        Assert.Equal(20 * 0.1 * 2 / 4, CostEstimate.Seconds(Call(Work()), [FakeLoad.Idle(), Open(3, freeRows: 2).Load!]), 9);

    [Fact]
    public void Seconds_NothingAlikeInWork_TheMeanOfWhatIs()
    {
        var busy = FakeLoad.Idle();
        (busy.Admitted, busy.QueuedSeconds) = (4, 2);

        Assert.Equal(0.5, CostEstimate.Seconds(Call(Work()), [FakeLoad.Idle(), busy]), 9);
        Assert.Equal(0.5, CostEstimate.Seconds(Call(), [busy]), 9);
        Assert.True(CostEstimate.Seconds(Call(), [FakeLoad.Idle()]) > 0);
    }

    public void Dispose()
    {
        _workers.ForEach(w => w.Dispose());
        _telemetry.Dispose();
    }

    private static void AssertChosen(int? expected, Candidate[] workers)
    {
        var chosen = Router.Choose(Call(Work()), workers).Worker;

        Assert.Equal(expected, chosen is null ? null : Array.IndexOf(workers, chosen));
    }

    private static WorkerCall Call(LatentWork? work = null) =>
        new(WorkerRole.Unet, "job", Shapes.Name, Shapes.Facts.Revision, DateTimeOffset.MaxValue, CancellationToken.None) { Work = work };

    private static LatentWork Work(uint rows = 2) => new(8, 8, rows, 20);

    private Candidate Live(double seconds = 0, Action<WorkerLoad>? change = null)
    {
        var load = FakeLoad.Idle();
        load.QueuedSeconds = seconds;
        change?.Invoke(load);
        return Of(Standing.Live, load);
    }

    // A worker whose passes of 8 x 8 latents have four rows and take 0.1 s.
    private Candidate Open(double seconds, uint freeRows, uint height = 8) => Live(seconds, l => l.Shapes.Add(new ShapeLoad
    {
        Model = Shapes.Name,
        LatentHeight = height,
        LatentWidth = 8,
        Rows = 4,
        FreeRows = freeRows,
        PassSeconds = 0.1,
    }));

    private Candidate Unknown() => Of(Standing.Unknown, null);

    private Candidate Lost() => Of(Standing.Lost, null);

    private Candidate Of(Standing standing, WorkerLoad? load)
    {
        _workers.Add(NamedWorker.Of(WorkerRole.Unet, OrchestratorSetup.Nobody, _telemetry));
        return new Candidate(_workers[^1], standing, load, false, false, (int)(load?.Admitted ?? 0), load?.QueuedSeconds ?? 0, [], 0);
    }
}
