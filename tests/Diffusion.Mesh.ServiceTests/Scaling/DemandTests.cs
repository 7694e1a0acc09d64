using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Google.Protobuf.WellKnownTypes;

namespace Diffusion.Mesh.ServiceTests;

public sealed class DemandTests
{
    private const string Model = "shapes@1";

    private readonly DenoisePace _own = new();
    private readonly Dictionary<WorkerRole, WorkerLoad> _loads = [];

    [Fact]
    public void DenoiseSeconds_NothingMeasured_IsTheStartValue() => Assert.Equal(StagePace.StartDenoiseSeconds, Pace().DenoiseSeconds(Model));

    [Fact]
    public void DenoiseSeconds_WorkersTell_IsTheirsUntilMeasuredAndKeptWhenTheyAreGone()
    {
        var pace = Pace();
        _loads[WorkerRole.Unet] = new WorkerLoad { Shapes = { new ShapeLoad { Model = "shapes", LatentHeight = 16, LatentWidth = 8, Rows = 4, PassSeconds = 0.5 } } };

        // A guided picture has two of the four rows; its latents stand for 64 pixels each.
        var told = pace.DenoiseSeconds(Model);
        _loads.Clear();
        var kept = pace.DenoiseSeconds(Model);
        _own.Report(Model, cost: 10, seconds: 2);

        Assert.Equal(0.25 / (16 * 8 * 64), told, 1e-12);
        Assert.Equal(told, kept);
        Assert.Equal(0.2, pace.DenoiseSeconds(Model), 1e-12);
    }

    [Fact]
    public void Report_SharedPass_CountsTheJobsOwnRows()
    {
        var evaluation = new Evaluation { Started = new Timestamp { Seconds = 100 }, Ended = new Timestamp { Seconds = 103 }, Rows = 2, BatchRows = 6 };

        _own.Report(Model, cost: 4, evaluation);

        Assert.Equal(0.25, _own.Seconds(Model));
        Assert.Null(_own.Seconds("other@1"));
    }

    [Fact]
    public void Report_PaceChanges_IsFollowedWithinAFewPictures()
    {
        for (var i = 0; i < 1000; i++)
            _own.Report(Model, cost: 1, seconds: 5);
        for (var i = 0; i < 1000; i++)
            _own.Report(Model, cost: 1, seconds: 1);

        Assert.InRange(_own.Seconds(Model)!.Value, 1, 1.1);
    }

    [Fact]
    public void Of_Counts_AreSecondsOfEachRole()
    {
        _own.Report(Model, cost: 100, seconds: 1);
        _loads[WorkerRole.Vae] = new WorkerLoad { PassSeconds = 0.5 };
        var counts = new StoreCounts(3, 1, [], [new ModelUse(Model, 3, 200), new ModelUse("other@1", 1, 1e7)]);

        var demand = ScalingDemand.Of(counts, Pace());

        Assert.Equal(2 + (1e7 * StagePace.StartDenoiseSeconds), demand.Of(WorkerRole.Unet), 1e-9);
        Assert.Equal(2, demand.Of(WorkerRole.Vae), 1e-9);
        Assert.Equal(4 * StagePace.StartPassSeconds, demand.Of(WorkerRole.TextEncoder), 1e-9);
    }

    private StagePace Pace() => new(_own, role => _loads.TryGetValue(role, out var load) ? [load] : [], _ => 8);
}
