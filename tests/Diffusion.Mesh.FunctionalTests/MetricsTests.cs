namespace Diffusion.Mesh.FunctionalTests;

/// <summary>Metrics and logs as a collector gets them from real processes, and what none of the signals carries.</summary>
public sealed class MetricsTests : IDisposable
{
    private const string Prompt = "a tangerine hexagon nobody shall read of";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Generate_FourProcesses_TellOfItInEachSignal()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        // Longer than the test: what comes was exported at the end.
        (string, string)[] variables = [.. receiver.Environment(OtlpReceiver.Grpc), ("OTEL_METRIC_EXPORT_INTERVAL", "3600000"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")];
        await using (var cluster = await MeshCluster.StartAsync(environment: variables))
        {
            await Mesh.PictureAsync(_folder, Prompt, "--negative", Prompt, "--steps", "7", "--server", cluster.Server);
            await cluster.StopAsync();
        }

        var points = receiver.Points;
        AssertMeasured(points, steps: 7);
        Assert.Equal(4, points.Select(p => p.Resource["service.instance.id"]).Distinct().Count());
        Assert.All(points, p => Assert.Equal(("diffusion-mesh", "0.1.0", "test"), (p.Resource["service.namespace"], p.Resource["service.version"], p.Resource["deployment.environment.name"])));
        AssertLogged(receiver);
        Assert.False(receiver.Saw("tangerine"));
    }

    [Fact]
    public async Task Generate_EmbeddedWithPromptsCaptured_EachHostTellsOfItsOwnAndTheSpanHasThePrompt()
    {
        await using var receiver = await OtlpReceiver.StartAsync();

        (await Mesh.RunAsync(
            [.. receiver.Environment(OtlpReceiver.HttpProtobuf), ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")],
            "generate", Prompt, "--steps", "3", "--sampler", "euler", "-o", _folder.File("a.png"))).Succeeded();

        AssertMeasured(receiver.Points, steps: 3);
        Assert.Single(receiver.Points.Where(p => p.Name == "dotnet.process.cpu.count").Select(p => p.Service).Distinct());
        Assert.Contains(Prompt, Assert.Single(receiver.Spans, s => s.IsRoot).Attributes["gen_ai.input.messages"].StringValue, StringComparison.Ordinal);
        Assert.DoesNotContain(receiver.Spans, s => !s.IsRoot && s.Attributes.Values.Any(v => v.StringValue.Contains(Prompt, StringComparison.Ordinal)));
        Assert.DoesNotContain(receiver.Logs, l => l.Body.Contains(Prompt, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Generate_SignalsSwitchedOff_ComeNot()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var endpoint = receiver.Environment(OtlpReceiver.HttpProtobuf)[0].Value;

        (await Mesh.RunAsync(
            [("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"{endpoint}/v1/metrics"), ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", OtlpReceiver.HttpProtobuf)],
            "generate", Prompt, "--steps", "1", "-o", _folder.File("a.png"))).Succeeded();

        Assert.NotEmpty(receiver.Points);
        Assert.Empty(receiver.Spans);
        Assert.Empty(receiver.Logs);
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertMeasured(IReadOnlyList<ReceivedPoint> points, int steps)
    {
        const string Model = "gen_ai.request.model";
        var request = Last("gen_ai.server.request.duration");
        Assert.Equal(("s", 1, "shapes", "generate_content"), (request.Unit, request.Value, request.Labels[Model], request.Labels["gen_ai.operation.name"]));
        Assert.Equal((0.005, 655.36), (request.Bounds[0], request.Bounds[^1]));
        Assert.Equal("done", Last("diffusion.requests").Labels["diffusion.outcome"]);
        Assert.Equal(steps, Last("diffusion.step.duration").Value);
        Assert.Equal(steps, Last("diffusion.tenant.evaluations").Value);
        Assert.Equal(steps, Last("diffusion.pass.duration").Value);
        Assert.Equal(1, Last("diffusion.batch.size").Bounds[0]);
        Assert.Equal(
            ["cache", "decode", "denoise", "encode", "picture", "queue", "validate"],
            points.Where(p => p.Name == "diffusion.stage.duration").Select(p => p.Labels["diffusion.stage"]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(points.Where(p => p.Name == "diffusion.model.load.duration"), p => Assert.Equal("shapes", p.Labels[Model]));
        Assert.Equal(3, points.Where(p => p.Name == "diffusion.model.memory" && p.Value > 0).Select(p => p.Service).Distinct().Count());
        Assert.Equal(4, points.Where(p => p.Name == "diffusion.service.ready").Select(p => p.Service).Distinct().Count());
        // Each host tells of its own calls alone.
        var calls = points.Where(p => p.Name == "rpc.server.call.duration").GroupBy(p => p.Service).ToDictionary(g => g.Key, g => g.Select(p => p.Labels["rpc.method"]).Distinct());
        Assert.Equal(["diffusion.mesh.v1.Generation/Generate"], calls["diffusion-mesh-orchestrator"]);
        Assert.Equal(["diffusion.mesh.v1.Unet/Denoise"], calls["diffusion-mesh-unet"]);
        Assert.Equal(["diffusion.mesh.v1.Vae/Decode"], calls["diffusion-mesh-vae"]);
        Assert.Contains(points, p => p is { Name: "diffusion.queue.depth", Value: 0, Service: "diffusion-mesh-orchestrator" });

        ReceivedPoint Last(string name) => points.Last(p => p.Name == name);
    }

    private static void AssertLogged(OtlpReceiver receiver)
    {
        Assert.Equal(4, receiver.Logs.Select(l => l.Service).Distinct().Count());
        // What is logged inside a span can be found from it.
        var spans = receiver.Spans.Select(s => (s.Trace, s.Id)).ToHashSet();
        var begins = Assert.Single(receiver.Logs, l => l is { Service: "diffusion-mesh-unet" } && l.Body.Contains("begins at evaluation", StringComparison.Ordinal));
        Assert.Contains((begins.Trace, begins.Span), spans);
    }
}
