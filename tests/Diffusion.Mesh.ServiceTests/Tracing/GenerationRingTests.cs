using Diffusion.Mesh.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

public sealed class GenerationRingTests(FleetFixture fleet) : FleetTest(fleet)
{
    [Fact]
    public async Task Generate_NobodyExports_TheRingHasTheWholeTree()
    {
        var orchestrator = await OrchestrateAsync();
        var events = await orchestrator.Client().FulfilAsync(Wishes.Quick($"a circle {Guid.NewGuid():N}", steps: 3));
        var ring = orchestrator.Services.GetRequiredService<TraceRing>();
        await UntilAsync(() => ring.Find(events[0].JobId).Any(s => s.ParentSpanId is null));

        var spans = ring.Find(events[0].JobId);

        var root = Assert.Single(spans, s => s.ParentSpanId is null);
        var ids = spans.Select(s => s.SpanId).ToHashSet();
        Assert.All(spans.Where(s => s != root), s => Assert.Contains(s.ParentSpanId!, ids));
        Assert.Equal(["0", "1", "2"], spans.Where(s => s.Name == TelemetryNames.StepSpan).Select(s => s.Tags[TelemetryNames.StepIndex]).Order());
        string[] names = ["validate", "queue", "generate", "encode", "cache", "denoise", "decode", "png", "forward"];
        Assert.Empty(names.Except(spans.Select(s => s.Name)));
        Assert.Equal(events[0].JobId, Assert.Single(ring.Recent(9)).JobId);
    }

    // The call's span ends a moment after its last event.
    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience.Time);
        while (!holds())
            await Task.Delay(5, patience.Token);
    }
}
