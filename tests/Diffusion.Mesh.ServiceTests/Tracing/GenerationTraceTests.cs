using System.Diagnostics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>The spans of one generation in the embedded cluster.</summary>
public sealed class GenerationTraceTests(ClusterFixture cluster) : ClusterTest(cluster)
{
    private const string Marker = "zyzzogeton";
    private const string UnetSource = "Diffusion.Mesh.Unet";

    [Fact]
    public async Task Generate_AllServices_MakeOneTreeBelowTheClientsSpan()
    {
        var spans = await TraceAsync(steps: 3);

        var root = Assert.Single(spans, s => s.ParentSpanId.ToHexString() == _client);
        Assert.Equal("diffusion.mesh.v1.Generation/Generate", root.OperationName);
        var ids = spans.Select(s => s.SpanId).ToHashSet();
        Assert.Equal(spans.Count, ids.Count);
        Assert.All(spans.Where(s => s != root), s => Assert.True(ids.Contains(s.ParentSpanId), $"The parent of {s.OperationName} is missing."));
        Assert.Equal(
            ["Diffusion.Mesh.Orchestrator", "Diffusion.Mesh.TextEncoder", UnetSource, "Diffusion.Mesh.Vae"],
            spans.Select(s => s.Source.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(_open);
    }

    [Fact]
    public async Task Generate_GoodEnd_LeavesNoSpanWithAnError()
    {
        var spans = await TraceAsync(steps: 3);

        Assert.All(spans, s => Assert.True(s.Status != ActivityStatusCode.Error, $"{s.Source.Name}: {s.OperationName}"));
        Assert.All(spans.Where(s => s.Kind == ActivityKind.Client), s => Assert.Equal("OK", s.GetTagItem(TelemetryNames.RpcStatus)));
    }

    [Fact]
    public async Task Generate_Heun_HasAStepSpanForEachEvaluation()
    {
        using var recorder = new SpanRecorder();
        await Client.FulfilAsync(Wishes.Heun(steps: 6), recorder.Headers);

        var steps = recorder.Named(TelemetryNames.StepSpan).ToArray();

        Assert.Equal(Enumerable.Range(0, 11), steps.Select(s => (int)s.GetTagItem(TelemetryNames.StepIndex)!).Order());
        var denoise = Assert.Single(recorder.Named(TelemetryNames.DenoiseSpan));
        Assert.All(steps, s => Assert.Equal(denoise.SpanId, s.ParentSpanId));
        Assert.Equal(11, recorder.ForwardPasses);
    }

    [Fact]
    public async Task Generate_ForwardPasses_StandBelowTheirWorkersServerSpan()
    {
        var spans = await TraceAsync(steps: 3);

        var byId = spans.ToDictionary(s => s.SpanId);
        var passes = spans.Where(s => s.OperationName == TelemetryNames.ForwardSpan).ToArray();
        // Three steps, one text and one picture.
        Assert.Equal([1, 3, 1], passes.GroupBy(s => s.Source.Name).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Count()));
        Assert.All(passes, s =>
        {
            var parent = byId[s.ParentSpanId];
            Assert.Equal(ActivityKind.Server, parent.Kind);
            Assert.Equal(s.Source.Name, parent.Source.Name);
            Assert.Equal(ActivityKind.Client, byId[parent.ParentSpanId].Kind);
        });
    }

    [Fact]
    public async Task Generate_StepSpans_LinkToTheirForwardPasses()
    {
        var spans = await TraceAsync(steps: 3);

        var steps = spans.Where(s => s.OperationName == TelemetryNames.StepSpan);
        var passes = spans.Where(s => s.OperationName == TelemetryNames.ForwardSpan && s.Source.Name == "Diffusion.Mesh.Unet");
        Assert.Equal(passes.Select(s => s.SpanId.ToString()).Order(), steps.Select(s => Assert.Single(s.Links).Context.SpanId.ToString()).Order());
    }

    [Fact]
    public async Task Generate_StepSpans_LieWithinTheDenoisingAndBehindEachOther()
    {
        var spans = await TraceAsync(steps: 4);

        var steps = spans.Where(s => s.OperationName == TelemetryNames.StepSpan).OrderBy(s => s.GetTagItem(TelemetryNames.StepIndex)).ToArray();
        Assert.All(steps, s => Assert.True(s.Duration > TimeSpan.Zero));
        Assert.All(steps.Zip(steps.Skip(1)), p => Assert.True(p.First.StartTimeUtc + p.First.Duration <= p.Second.StartTimeUtc + p.Second.Duration));
    }

    [Fact]
    public async Task Generate_Prompt_StandsInNoSpan()
    {
        var spans = await TraceAsync(steps: 2);

        Assert.All(spans, s => Assert.DoesNotContain(Marker, Everything(s), StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Cluster.Log.Lines, line => line.Contains(Marker, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Generate_WrongRequest_LeavesThePromptOutToo()
    {
        using var recorder = new SpanRecorder();
        var request = Wishes.Quick($"a {Marker}", steps: 0);
        request.NegativePrompt = new string('x', 10_000) + Marker;

        await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => Client.FulfilAsync(request, recorder.Headers));

        Assert.NotEmpty(recorder.Spans);
        Assert.All(recorder.Spans, s => Assert.DoesNotContain(Marker, Everything(s), StringComparison.OrdinalIgnoreCase));
    }

    private string _client = "";
    private Activity[] _open = [];

    private async Task<IReadOnlyList<Activity>> TraceAsync(int steps)
    {
        using var recorder = new SpanRecorder();
        // A prompt of its own, so that the text encoder is asked.
        var request = Wishes.Quick($"a {Marker} {Guid.NewGuid():N}", steps);
        request.NegativePrompt = Marker;
        await Client.FulfilAsync(request, recorder.Headers);
        _client = recorder.Client.ToHexString();
        _open = [.. recorder.Open];
        return recorder.Spans;
    }

    private static string Everything(Activity span) => string.Join(
        '\n',
        [
            span.OperationName, span.DisplayName, span.StatusDescription, span.TraceStateString,
            .. span.TagObjects.Select(t => $"{t.Key}={t.Value}"),
            .. span.Baggage.Select(b => $"{b.Key}={b.Value}"),
            .. span.Events.Select(e => $"{e.Name} {string.Join(' ', e.Tags.Select(t => $"{t.Key}={t.Value}"))}"),
        ]);
}
