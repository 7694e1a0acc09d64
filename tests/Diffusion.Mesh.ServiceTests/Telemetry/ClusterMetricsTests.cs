using System.Diagnostics.Metrics;
using Diffusion.Mesh.Cli;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Metrics = Diffusion.Mesh.Hosting.TelemetryNames.Metrics;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>What the four services measure, and that it is what docs/telemetry.md says.</summary>
public sealed class ClusterMetricsTests : IAsyncLifetime
{
    private const string Marker = "zyzzogeton";

    private readonly ErrorLog _log = new();
    private readonly ClusterMeters _meters = new();
    private EmbeddedCluster? _cluster;

    public async Task InitializeAsync() => _cluster = await EmbeddedCluster.StartAsync(
        new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Models = RunningService.Models, MaxSide = 256 },
        builder =>
        {
            _log.Attach(builder);
            _meters.Attach(builder);
        },
        Patience.Token);

    public async Task DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        _meters.Dispose();
        _log.AssertNoErrors();
    }

    [Fact]
    public async Task Generate_AllServices_MeasureWhatTheDocumentationSays()
    {
        using var channel = RunningService.Open(_cluster!.Address);
        var client = new Generation.GenerationClient(channel);
        var wish = Wishes.Heun(steps: 4);
        (wish.Prompt, wish.NegativePrompt, wish.Previews) = ($"a {Marker}", Marker, new PreviewOptions { Every = 2 });
        var events = await client.FulfilAsync(wish);
        await client.FailAsync(Wishes.Quick($"a {Marker}", steps: 0));
        // The client learns of the end a moment before it is counted.
        while (_meters.Of(Metrics.TenantRequests).Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), Patience.Token);

        // Seven evaluations of four steps.
        Assert.Equal((7, 7, 7), (_meters.Of(Metrics.StepDuration).Count, _meters.Of(Metrics.PassDuration).Count, _meters.Sum(Metrics.TenantEvaluations)));
        Assert.Equal(("done", "anonymous"), (Only(Metrics.Requests, TelemetryNames.Outcome), Only(Metrics.TenantRequests, TelemetryNames.Tenant)));
        Assert.Equal("INVALID_ARGUMENT", Only(Metrics.RequestsRefused, TelemetryNames.ErrorType));
        // Previews are made beside the run, which may be over before the first one is made or told.
        Assert.InRange(_meters.Of(Metrics.FirstPreviewDuration).Count, events.Any(e => e.Preview is not null) ? 1 : 0, 1);
        Assert.Single(_meters.Of(Metrics.QueueWaitDuration));
        var failed = Assert.Single(_meters.Of(Metrics.StageDuration), stage => stage.Tag(TelemetryNames.ErrorType) is not null);
        Assert.Equal((TelemetryNames.ValidateSpan, "INVALID_ARGUMENT"), (failed.Tag(TelemetryNames.Stage), failed.Tag(TelemetryNames.ErrorType)));
        Assert.Equal(16, Assert.Single(_meters.Read(Metrics.JobPlaces)).Value);
        Assert.Equal(
            ["text-encoder", "unet", "vae"],
            _meters.Read(Metrics.Workers).Where(w => w is { Value: 1 } && w.Tag(TelemetryNames.WorkerState) is "ready").Select(w => w.Tag(TelemetryNames.Service)));

        using var redis = new TestMeters();
        await using var connection = new RedisConnection(new RedisOptions { Configuration = "127.0.0.1:9", Patience = TimeSpan.Zero }, TimeProvider.System, redis);
        AssertDocumented([.. _meters.Instruments, .. redis.Instruments], _meters.All);
        Assert.DoesNotContain(_meters.All, m => m.Tags.Values.Any(v => $"{v}".Contains(Marker, StringComparison.OrdinalIgnoreCase)));
    }

    private object? Only(string metric, string label) => Assert.Single(_meters.Of(metric)).Tag(label);

    private static void AssertDocumented(IEnumerable<Instrument> instruments, IEnumerable<Measured> measured)
    {
        var table = MetricTable.Read();
        var ours = instruments.Where(i => i.Meter.Name.StartsWith("Diffusion.Mesh", StringComparison.Ordinal)).ToArray();
        Assert.Equal(
            table.Select(m => (m.Name, m.Kind, m.Unit)).Order(),
            ours.Select(i => (i.Name, Kind(i), i.Unit ?? "")).Distinct().Order());
        Assert.All(measured.Where(m => ours.Contains(m.Instrument)), m => Assert.Subset(table.First(row => row.Name == m.Name).Labels.ToHashSet(), m.Tags.Keys.ToHashSet()));
        Assert.All(ours, i => Assert.False(string.IsNullOrEmpty(i.Description), i.Name));
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Histogram" => "histogram",
        "Counter" or "ObservableCounter" => "counter",
        _ => "gauge",
    };
}
