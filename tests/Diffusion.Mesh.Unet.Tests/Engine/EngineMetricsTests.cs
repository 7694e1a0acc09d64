using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet.Tests;

public sealed class EngineMetricsTests
{
    private static ServiceOptions Options => new() { Grpc = ListenAddress.AnyLoopback };

    [Fact]
    public async Task Run_Passes_AreMeasuredWithTheirRows()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel { Prediction = "epsilon" });
        using var meters = new TestMeters();
        using var worker = new EngineWorker(tiny.Worker, meters: meters);

        await worker.Enter(TinyWorker.GuidedJob(new Guidance { Scale = 2 })).EndAsync();

        var passes = meters.Of(TelemetryNames.Metrics.PassDuration);
        Assert.Equal(worker.Engine.Times.Passes, passes.Count);
        Assert.Equal(worker.Engine.Times.Rows, meters.Sum(TelemetryNames.Metrics.BatchSize));
        Assert.All(passes, pass => Assert.Equal(TinyWorker.Job().Model, pass.Tag(TelemetryNames.Model)));
        Assert.Empty(meters.Of(TelemetryNames.Metrics.Preemptions));
    }

    [Fact]
    public async Task Preemption_MoreUrgentJobThatCameLater_CountsOnceEachTime()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        using var planner = new PassPlanner(EngineLimits.From(Options with { Batching = false }), "cpu", TimeProvider.System);
        planner.Enter(Generation(tiny.Worker, arrival: 1, priority: 0));
        Assert.Equal(0, Pack());

        var urgent = Generation(tiny.Worker, arrival: 2, priority: 5);
        planner.Enter(urgent);
        Assert.Equal((1, 0), (Pack(), Pack()));

        planner.Leave(urgent);
        Assert.Equal(0, Pack());
        planner.Enter(Generation(tiny.Worker, arrival: 3, priority: 5));
        planner.Enter(Generation(tiny.Worker, arrival: 4, priority: -1));
        Assert.Equal((1, 0), (Pack(), Pack()));

        int Pack()
        {
            var group = planner.Next(hasMany: true).Group;
            group.Pack(size: 1, onlyFirst: true);
            var count = Preemption.Count(group);
            group.Unpack();
            return count;
        }
    }

    [Fact]
    public async Task Gauges_TellOfTheEngine()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        using var meters = new TestMeters();
        using var worker = new EngineWorker(tiny.Worker, meters: meters);
        _ = new EngineGauges(new ServiceMeter(meters, "test"), worker.Engine, Options with { MaxRows = 12 });

        await worker.Enter(TinyWorker.Job()).EndAsync();

        Assert.Equal(12, Assert.Single(meters.Read(TelemetryNames.Metrics.RowsFree)).Value);
        Assert.Equal(0, Assert.Single(meters.Read(TelemetryNames.Metrics.RowsWorking)).Value);
        var forward = Assert.Single(meters.Read(TelemetryNames.Metrics.EngineForward)).Value;
        Assert.True(forward > 0);
        Assert.True(Assert.Single(meters.Read(TelemetryNames.Metrics.EngineWorking)).Value >= forward);
    }

    private static Generation Generation(UnetWorker worker, long arrival, int priority)
    {
        var job = worker.Parser.Parse(TinyWorker.Job());
        var outbox = new DenoiseOutbox(new DenoiseAccepted(), copy => StateMessages.Write(job, copy, "cpu"));
        return new Generation(job, outbox, priority, arrival, long.MaxValue, CancellationToken.None);
    }
}
