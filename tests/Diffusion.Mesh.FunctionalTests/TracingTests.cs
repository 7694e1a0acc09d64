namespace Diffusion.Mesh.FunctionalTests;

/// <summary>Traces as a collector gets them from real processes.</summary>
public sealed class TracingTests : IDisposable
{
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

    public void Dispose() => _folder.Dispose();

    private static void AssertOneTree(IReadOnlyList<ReceivedSpan> spans, int steps)
    {
        Assert.Single(spans.Select(s => s.Trace).Distinct());
        Assert.Equal("diffusion.mesh.v1.Generation/Generate", Assert.Single(spans, s => s.IsRoot).Name);
        var ids = spans.Select(s => s.Id).ToHashSet();
        Assert.Equal(spans.Count, ids.Count);
        Assert.DoesNotContain(spans, s => !s.IsRoot && !ids.Contains(s.Parent));
        Assert.Equal(Services, spans.Select(s => s.Service).Distinct().Order(StringComparer.Ordinal));

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
