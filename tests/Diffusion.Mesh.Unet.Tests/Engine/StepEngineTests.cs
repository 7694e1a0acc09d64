using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Diffusion.Mesh.Unet.Tests;

public sealed class StepEngineTests
{
    // Nobody waits for so many steps to end.
    private const int Many = 900;

    [Fact]
    public async Task Enter_JobsOfAllKinds_ShareThePasses()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel { Prediction = "epsilon" });
        using var worker = new EngineWorker(tiny.Worker);

        var runs = await TogetherAsync(worker);

        Assert.Contains(runs[0].Evaluations, evaluation => evaluation is { Rows: 2, BatchRows: 3 });
        Assert.Contains(runs[1].Evaluations, evaluation => evaluation is { Rows: 1, BatchRows: 3 });
        Assert.Equal(Enumerable.Range(0, Many), runs[0].Evaluations.Select(evaluation => (int)evaluation.Index));
    }

    [Fact]
    public async Task Enter_WithoutBatching_EachHasItsOwnPasses()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        using var worker = new EngineWorker(tiny.Worker, options => options with { Batching = false });

        var runs = Enumerable.Range(0, 3).Select(i => worker.Enter(Long(TinyWorker.Job(), $"{i}"))).ToArray();
        await Task.WhenAll(runs.Select(run => run.EndAsync()));

        Assert.All(runs, run => Assert.All(run.Evaluations, evaluation => Assert.Equal(1u, evaluation.BatchRows)));
    }

    [Fact]
    public async Task Enter_SingleTimestepFile_SharesPassesOfOneTimestepOnly()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel { Unet = new TinyUnet { TimestepShape = [] } });
        using var worker = new EngineWorker(tiny.Worker);
        var job = Long(TinyWorker.Job(), "a");
        var alone = await worker.HashAsync(job);

        var runs = Enumerable.Range(0, 4).Select(i => worker.Enter(Long(TinyWorker.Job(), $"{i}"))).ToArray();
        var ends = await Task.WhenAll(runs.Select(run => run.EndAsync()));

        Assert.All(ends, end => Assert.Equal(alone, EngineWorker.Hash(end.Denoised)));
    }

    [Fact]
    public async Task Cancel_OneOfTwo_EndsThatOneOnly()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        using var worker = new EngineWorker(tiny.Worker);
        using var cancellation = new CancellationTokenSource();
        var cancelled = worker.Enter(Long(TinyWorker.Job(), "cancelled"), cancellation.Token);
        var other = worker.Enter(Long(TinyWorker.Job(), "other"));

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Generation.Ended);
        Assert.NotNull((await other.EndAsync()).Denoised);
        Assert.True(cancelled.Generation.Job.Done < Many);
    }

    [Fact]
    public async Task HandBack_OneOfTwo_GivesTheStateToGoOnFrom()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        using var worker = new EngineWorker(tiny.Worker);
        var job = Long(TinyWorker.Job(), "a");
        var alone = await worker.HashAsync(job);
        var running = worker.Enter(job);
        var other = worker.Enter(Long(TinyWorker.Job(), "other"));

        running.Generation.HandBack();
        var rest = job.Clone();
        rest.State = (await running.EndAsync()).HandedBack.State;

        Assert.Equal(alone, await worker.HashAsync(rest));
        Assert.NotNull((await other.EndAsync()).Denoised);
    }

    [Fact]
    public async Task Drain_SeveralInWork_HandsAllBack()
    {
        var readiness = new Readiness();
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        using var worker = new EngineWorker(tiny.Worker, readiness: readiness);
        var runs = Enumerable.Range(0, 3).Select(i => worker.Enter(Long(TinyWorker.Job(), $"{i}"))).ToArray();

        readiness.SetDraining();

        Assert.All(await Task.WhenAll(runs.Select(run => run.EndAsync())), end => Assert.NotNull(end.HandedBack.State));
    }

    [Fact]
    public async Task Enter_DeadlineThatCannotBeMet_FailsAtOnce()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        using var worker = new EngineWorker(tiny.Worker);
        // Now the cost of a step is known.
        await worker.HashAsync(Long(TinyWorker.Job(), "first"));
        var job = Long(TinyWorker.Job(), "late");
        job.Deadline = DateTime.UtcNow.AddMilliseconds(1).ToTimestamp();

        var late = worker.Enter(job);

        var error = await Assert.ThrowsAsync<RpcException>(() => late.Generation.Ended);
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.True(late.Generation.Job.Done < Many);
    }

    [Fact]
    public async Task Enter_MoreThanFits_EarliestDeadlineFirstThenPriorityThenArrival()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        using var worker = new EngineWorker(tiny.Worker, options => options with { Batching = false });
        var now = DateTime.UtcNow;
        DenoiseJob Urgent(string id, int priority, int? hours)
        {
            var job = Long(TinyWorker.Job(), id);
            job.Priority = priority;
            job.Deadline = hours is { } h ? now.AddHours(h).ToTimestamp() : null;
            return job;
        }

        // The first keeps the engine busy until all are there; it is less urgent than any.
        var runs = new[]
        {
            worker.Enter(Urgent("none", -100, null)),
            worker.Enter(Urgent("low", -1, null)),
            worker.Enter(Urgent("high", 1, null)),
            worker.Enter(Urgent("later", 0, 2)),
            worker.Enter(Urgent("sooner", 0, 1)),
        };
        var ended = new List<string>();
        await Task.WhenAll(runs.Select(async run =>
        {
            await run.EndAsync();
            lock (ended)
                ended.Add(run.Generation.Job.Id);
        }));

        var lastSteps = runs.OrderBy(run => run.Evaluations.Last().Ended.ToDateTime()).Select(run => run.Generation.Job.Id);
        Assert.Equal(["sooner", "later", "high", "low", "none"], lastSteps);
    }

    [Fact]
    public async Task Run_SteadyState_AllocatesNothingInTheEngine()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        using var worker = new EngineWorker(tiny.Worker);
        await worker.HashAsync(Long(TinyWorker.GuidedJob(new Guidance { Scale = 2 }), "warm"));

        var times = worker.Engine.Times;
        var (passes, bytes) = (times.Passes, times.AllocatedBytes);
        await worker.HashAsync(Long(TinyWorker.GuidedJob(new Guidance { Scale = 2 }), "measured"));

        // The list of evaluations that are not sent yet grows: these steps are shorter than any network.
        Assert.InRange((times.AllocatedBytes - bytes) / (times.Passes - passes), 0, 256);
    }

    private static DenoiseJob Long(DenoiseJob job, string id)
    {
        job.JobId = id;
        job.Schedule.Steps = Many;
        return job;
    }

    // A guided and an unguided job. On a busy machine the first may have ended before the second enters: then it is tried again.
    private static async Task<RunningJob[]> TogetherAsync(EngineWorker worker)
    {
        for (var attempt = 1; ; attempt++)
        {
            var guided = Long(TinyWorker.GuidedJob(new Guidance { Scale = 2 }), $"guided {attempt}");
            var unguided = Long(TinyWorker.Job(), $"unguided {attempt}");
            unguided.Sampler = new Sampler { Name = "euler_a" };
            unguided.Schedule.Steps = 700;
            var runs = new[] { worker.Enter(guided), worker.Enter(unguided) };
            await Task.WhenAll(runs.Select(run => run.EndAsync()));
            if (attempt == 20 || runs[0].Evaluations.Any(evaluation => evaluation.BatchRows > evaluation.Rows))
                return runs;
        }
    }
}
