using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>A worker is lost in the middle of a run: another one goes on, and nobody can tell from the picture.</summary>
public sealed class LostWorkerTests(FleetFixture fleet) : FleetTest(fleet)
{
    private const int Steps = 12;

    [Theory]
    [InlineData("ddim", 1)]
    [InlineData("ddim", 6)]
    [InlineData("euler_a", 8)]
    [InlineData("dpmpp_2m", 11)]
    public async Task Generate_WorkerDies_GivesTheSameBytesAndEachStepOnce(string sampler, int evaluations)
    {
        var request = Request(sampler);
        var expected = Wishes.File(await (await OrchestrateAsync()).Client().FulfilAsync(request));
        var dying = DyingUnet.Before(Fleet.Unet.Channel, evaluations);
        var first = await KeepAsync(dying.StartAsync(Log));
        var client = (await OrchestrateAsync(s => s with { Unets = [first.Address, Fleet.Unet.Address] })).Client();

        // Of two generations, one begins on the dying worker.
        IReadOnlyList<GenerateEvent> events;
        do
            events = await client.FulfilAsync(request);
        while (dying.Jobs.Count == 0);

        Assert.Equal(expected, Wishes.File(events));
        var steps = events.Where(e => e.Step is not null).Select(e => e.Step.Completed).ToArray();
        Assert.Equal(steps.Distinct().Order(), steps);
        Assert.Equal((uint)Steps, steps[^1]);
    }

    [Fact]
    public async Task Generate_WorkerDrains_HandsTheJobOnWithoutDoingAnythingTwice()
    {
        var (expected, events, spans) = await LoseAsync(worker => worker.Stop());

        Assert.Equal(expected, Wishes.File(events));
        Assert.Equal(Enumerable.Range(0, Steps), Indices(spans));
        Assert.Equal(Steps, spans.ForwardPasses);
    }

    [Fact]
    public async Task Generate_WorkersConnectionsAreTorn_GivesTheSameBytes()
    {
        var (expected, events, spans) = await LoseAsync(async worker => await worker.KillAsync());

        Assert.Equal(expected, Wishes.File(events));
        Assert.Equal(Enumerable.Range(0, Steps), Indices(spans).Distinct());
    }

    private static GenerateRequest Request(string sampler)
    {
        var request = Wishes.Quick("a green star on the left", Steps);
        request.Sampler = new Sampler { Name = sampler };
        return request;
    }

    private static IEnumerable<int> Indices(SpanRecorder spans) =>
        spans.Named(TelemetryNames.StepSpan).Select(s => (int)s.GetTagItem(TelemetryNames.StepIndex)!).Order();

    // Loses a real worker inside its third pass.
    private async Task<(byte[] Expected, IReadOnlyList<GenerateEvent> Events, SpanRecorder Spans)> LoseAsync(Func<RunningService, Task> lose)
    {
        var expected = Wishes.File(await (await OrchestrateAsync()).Client().FulfilAsync(Request("ddim")));
        var watch = new CallWatch();
        var worker = await KeepAsync(RunningService.StartAsync(new UnetRole(), Log, configure: watch.Attach));
        var client = (await OrchestrateAsync(s => s with { Unets = [worker.Address, Fleet.Unet.Address] })).Client();
        while (true)
        {
            using var barrier = new StepBarrier(3);
            using var spans = new SpanRecorder(barrier.OnStart);
            var generating = client.FulfilAsync(Request("ddim"), spans.Headers);
            await barrier.Reached;
            // Of two generations, one begins on this worker.
            var isHere = watch.HasBegun;
            var lost = isHere ? lose(worker) : Task.CompletedTask;
            barrier.Release();
            var events = await generating;
            await lost;
            if (isHere)
                return (expected, events, spans);
        }
    }
}
