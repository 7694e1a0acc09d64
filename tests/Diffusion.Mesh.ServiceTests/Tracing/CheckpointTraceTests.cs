using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

public sealed class CheckpointTraceTests(FleetFixture fleet) : FleetTest(fleet)
{
    [Fact]
    public async Task Generate_StepSpans_SayWhichStatesTheStoreTook()
    {
        var (store, faults) = FaultyStore.Before(new MemoryJobStore(TimeProvider.System));
        var client = (await OrchestrateAsync(s => s with { Configure = b => b.Services.AddSingleton(store) })).Client();
        using var recorder = new SpanRecorder();

        await client.FulfilAsync(Wishes.Quick(steps: 23), recorder.Headers);

        var taken = faults.Calls(nameof(IJobStore.CheckpointAsync)).Select(arguments => (int)arguments[3]!);
        var steps = recorder.Named(TelemetryNames.StepSpan).ToArray();
        var kept = steps.Where(s => s.GetTagItem(TelemetryNames.Checkpoint) is true).Select(s => (int)s.GetTagItem(TelemetryNames.StepIndex)! + 1);
        Assert.Equal(Enumerable.Range(0, 23), steps.Select(s => (int)s.GetTagItem(TelemetryNames.StepIndex)!).Order());
        Assert.NotEmpty(taken);
        Assert.Equal(taken, kept);
    }
}
