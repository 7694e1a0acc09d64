using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>Traces as a collector gets them from real processes.</summary>
public sealed class TracingTests : IDisposable
{
    // Long enough that a job is still running when the test acts on what it was told of it.
    private const int ManySteps = 600;

    private const string Prompt = "a tangerine hexagon nobody shall read of";
    private const string Negative = "mauve secrets";

    private static readonly string[] Services =
        ["diffusion-mesh-orchestrator", "diffusion-mesh-text-encoder", "diffusion-mesh-unet", "diffusion-mesh-vae"];

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(OtlpReceiver.HttpProtobuf)]
    [InlineData(OtlpReceiver.Grpc)]
    public async Task Generate_FourProcesses_OneTreeWithAStepForEachEvaluation(string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var cluster = await MeshCluster.StartAsync(environment: receiver.Environment(protocol)))
        {
            await Mesh.PictureAsync(_folder, Prompt, "--negative", Negative, "--steps", "7", "--server", cluster.Server);
            // What has not been exported yet is exported at the end.
            await cluster.StopAsync();
        }

        AssertOneTree(receiver.Spans, steps: 7);
        AssertNoPrompt(receiver);
    }

    [Fact]
    public async Task Generate_Embedded_OneTreeWithAStepForEachEvaluation()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        (await Mesh.RunAsync(
            receiver.Environment(OtlpReceiver.HttpProtobuf),
            "generate", Prompt, "--negative", Negative, "--steps", "3", "--sampler", "euler", "-o", _folder.File("a.png"))).Succeeded();

        AssertOneTree(receiver.Spans, steps: 3);
        AssertNoPrompt(receiver);
    }

    [Fact]
    public async Task Generate_BusyUnetWorkerIsKilled_OneTreeWithAStepForEachEvaluation()
    {
        var trace = new CallersTrace(isSampled: true);
        await using var receiver = await OtlpReceiver.StartAsync();
        string job;
        await using (var cluster = await MeshCluster.StartAsync(unets: 2, environment: receiver.Environment(OtlpReceiver.Grpc)))
        {
            using var call = new GenerationCall(cluster.Server, Wish(), trace.Header);
            await call.StepAsync(20);
            var begins = cluster.Unets.Select(w => w.Process.ErrorLineAsync(LogLines.Begins(call.JobId))).ToArray();
            var busy = cluster.Unets[Array.IndexOf(begins, await Task.WhenAny(begins))];
            await busy.Process.KillAsync();
            await call.PictureAsync();
            job = call.JobId;
            await cluster.StopAsync(dead: busy);
        }

        var made = receiver.Spans.Where(s => s.Service == "diffusion-mesh-orchestrator").ToArray();
        Assert.All(receiver.Spans, s => Assert.Equal(trace.Id, s.Trace));
        AssertTree(made, trace, job);
        var steps = StepSpan.In(made);
        Assert.Equal(Enumerable.Range(0, ManySteps), steps.Select(s => s.Index).Distinct().Order());
        Assert.Equal(steps.Count, steps.Select(s => (s.Index, s.Attempt)).Distinct().Count());
        Assert.Equal([1, 2], steps.Select(s => (s.Attempt, s.Worker)).Distinct().Select(s => s.Attempt).Order());
        Assert.Equal(2, steps.Select(s => s.Worker).Distinct().Count());
        // The second attempt goes on at a state; those that were kept come every five evaluations.
        var again = steps.Where(s => s.Attempt == 2).Select(s => s.Index).Order().ToArray();
        Assert.Equal(Enumerable.Range(again[0], ManySteps - again[0]), again);
        Assert.Equal(0, again[0] % 5);
        Assert.All(steps.Where(s => s.IsKept), s => Assert.Equal(4, s.Index % 5));
        Assert.Contains(steps, s => s.IsKept);
        // The dead worker's last passes died with it; the other's are all there, and linked.
        var forward = receiver.Spans.Where(s => s is { Name: "forward", Service: "diffusion-mesh-unet" }).Select(s => s.Id).ToHashSet();
        Assert.All(steps.Where(s => s.Attempt == 2), s => Assert.Contains(s.Forward, forward));
    }

    [Fact]
    public async Task Generate_OrchestratorIsKilled_TheOtherGoesOnInTheSameTrace()
    {
        var (trace, unsampled) = (new CallersTrace(isSampled: true), new CallersTrace(isSampled: false));
        await using var receiver = await OtlpReceiver.StartAsync();
        (string Name, string Value)[] environment =
            [.. receiver.Environment(OtlpReceiver.Grpc), ("OTEL_TRACES_SAMPLER", "parentbased_always_on"), ("OTEL_BSP_SCHEDULE_DELAY", "50")];
        await using var redis = await Redis.StartAsync();
        await using (var cluster = await MeshCluster.StartAsync(redis.Address, orchestrators: 1, environment))
        {
            // Both of them share forward passes.
            using var call = new GenerationCall(cluster.Server, Wish(), trace.Header);
            using var silent = new GenerationCall(cluster.Server, Wish(), unsampled.Header);
            await Task.WhenAll(call.StepAsync(20), silent.StepAsync(20));
            await cluster.Orchestrator.Process.KillAsync();

            await using var other = await cluster.StartOrchestratorAsync(redis.Address, environment);
            using var again = GenerationCall.Watch(other.Grpc.OriginalString, call);
            using var silentAgain = GenerationCall.Watch(other.Grpc.OriginalString, silent);
            Assert.NotEmpty(await again.PictureAsync());
            Assert.NotEmpty(await silentAgain.PictureAsync());
            other.Process.Terminate();
            Assert.Equal(0, await other.Process.Exit);
            await cluster.StopAsync(dead: cluster.Orchestrator);
        }

        // The watching has a trace of its own, and the call that was not sampled none in any service.
        var spans = receiver.Spans.Where(s => !s.Name.EndsWith("/Watch", StringComparison.Ordinal)).ToArray();
        Assert.All(spans, s => Assert.Equal(trace.Id, s.Trace));
        var resume = Assert.Single(spans, s => s.Name == "resume");
        Assert.Equal((trace.Id, resume.Parent), Assert.Single(resume.Links));
        var from = (int)resume.Attributes["diffusion.resume.index"].IntValue;
        Assert.InRange(from, 1, ManySteps - 1);
        var steps = StepSpan.In(spans);
        Assert.Equal(Enumerable.Range(from, ManySteps - from), steps.Where(s => s.Epoch == 2).Select(s => s.Index).Order());
        // What the first owner could still send is no more than what nobody had to do again.
        Assert.All(steps.Where(s => s.Epoch == 1), s => Assert.InRange(s.Index, 0, from - 1));
        Assert.Equal(steps.Count, steps.Select(s => s.Index).Distinct().Count());
    }

    public void Dispose() => _folder.Dispose();

    private static GenerateRequest Wish() => new() { Prompt = Prompt, Seed = 3, Schedule = new Schedule { Steps = ManySteps } };

    // Whatever the orchestrator tells is one tree, below the caller's span.
    private static void AssertTree(IReadOnlyList<ReceivedSpan> spans, CallersTrace trace, string job)
    {
        var root = Assert.Single(spans, s => s.Parent == trace.Span);
        Assert.Equal(("diffusion.mesh.v1.Generation/Generate", job), (root.Name, root.Attributes["gen_ai.response.id"].StringValue));
        var byId = spans.ToDictionary(s => s.Id);
        Assert.All(spans.Where(s => s != root), s => Assert.Contains(s.Parent, byId.Keys));
        Assert.All(
            (IEnumerable<(string Name, string Parent)>)
            [
                ("validate", root.Name), ("queue", root.Name), ("generate", root.Name), ("encode", "generate"), ("cache", "encode"), ("denoise", "generate"),
                ("step", "denoise"), ("decode", "generate"),
            ],
            expected => Assert.All(AtLeastOne(spans, expected.Name), s => Assert.Equal(expected.Parent, byId[s.Parent].Name)));
    }

    private static ReceivedSpan[] AtLeastOne(IEnumerable<ReceivedSpan> spans, string name)
    {
        var named = spans.Where(s => s.Name == name).ToArray();
        Assert.NotEmpty(named);
        return named;
    }

    private static void AssertOneTree(IReadOnlyList<ReceivedSpan> spans, int steps)
    {
        Assert.Single(spans.Select(s => s.Trace).Distinct());
        Assert.Equal("diffusion.mesh.v1.Generation/Generate", Assert.Single(spans, s => s.IsRoot).Name);
        var ids = spans.Select(s => s.Id).ToHashSet();
        Assert.Equal(spans.Count, ids.Count);
        Assert.DoesNotContain(spans, s => !s.IsRoot && !ids.Contains(s.Parent));
        Assert.Equal(Services, spans.Select(s => s.Service).Distinct().Order(StringComparer.Ordinal));

        Assert.Equal("diffusion-mesh-vae", Assert.Single(spans, s => s.Name == "png").Service);
        Assert.Equal(steps, spans.Count(s => s.Name == "step"));
        Assert.Equal(steps, spans.Count(s => s is { Name: "forward", Service: "diffusion-mesh-unet" }));
        Assert.Equal(Enumerable.Range(0, steps).Select(i => (long)i), Values(spans, "step", "diffusion.step.index").Order());
    }

    private static IEnumerable<long> Values(IEnumerable<ReceivedSpan> spans, string name, string attribute) =>
        spans.Where(s => s.Name == name).Select(s => s.Attributes[attribute].IntValue);

    private static void AssertNoPrompt(OtlpReceiver receiver)
    {
        Assert.False(receiver.Saw(Prompt));
        Assert.False(receiver.Saw("tangerine"));
        Assert.False(receiver.Saw("mauve"));
    }
}
