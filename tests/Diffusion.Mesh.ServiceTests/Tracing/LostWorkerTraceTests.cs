using System.Diagnostics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.ServiceTests;

public sealed class LostWorkerTraceTests(FleetFixture fleet) : FleetTest(fleet)
{
    [Fact]
    public async Task Generate_WorkerDies_EveryEvaluationHasASpanInOneTree()
    {
        const int Steps = 9;
        var dying = DyingUnet.Before(Fleet.Unet.Channel, evaluations: 7);
        var first = await KeepAsync(dying.StartAsync(Log));
        var client = (await OrchestrateAsync(s => s with { Unets = [first.Address, Fleet.Unet.Address] })).Client();
        IReadOnlyList<Activity> spans;
        ActivitySpanId parent;
        // Of two generations, one begins on the dying worker.
        do
        {
            using var recorder = new SpanRecorder();
            await client.FulfilAsync(Wishes.Quick(steps: Steps), recorder.Headers);
            (spans, parent) = (recorder.Spans, recorder.Client);
        }
        while (dying.Jobs.Count == 0);

        var steps = spans.Where(s => s.OperationName == TelemetryNames.StepSpan)
            .Select(s => (Index: (int)s.GetTagItem(TelemetryNames.StepIndex)!, Attempt: (int)s.GetTagItem(TelemetryNames.Attempt)!)).ToArray();
        Assert.Equal(Enumerable.Range(0, Steps), steps.Select(s => s.Index).Distinct().Order());
        // What the second worker did again, from the last state on, is told apart by its attempt.
        Assert.Equal(steps.Length, steps.Distinct().Count());
        // The last message before the connection tore may be lost with it.
        var before = steps.Where(s => s.Attempt == 1).Select(s => s.Index).Order().ToArray();
        Assert.InRange(before.Length, 1, 7);
        Assert.Equal(Enumerable.Range(0, before.Length), before);
        Assert.Contains(Steps - 1, steps.Where(s => s.Attempt == 2).Select(s => s.Index));

        Assert.Single(spans, s => s.ParentSpanId == parent);
        var orchestrator = spans.Where(s => s.Source.Name == "Diffusion.Mesh.Orchestrator").ToArray();
        var ids = orchestrator.Select(s => s.SpanId).Append(parent).ToHashSet();
        Assert.All(orchestrator, s => Assert.Contains(s.ParentSpanId, ids));
    }
}
