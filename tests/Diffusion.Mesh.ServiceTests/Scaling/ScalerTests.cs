using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Diffusion.Mesh.ExternalScaling;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.State;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>An orchestrator whose UNet workers are scaled by KEDA, as KEDA sees it: through its own protocol.</summary>
public sealed class ScalerTests(RedisServer redis) : FakeTest, IClassFixture<RedisServer>
{
    private const string Name = "unets.test";

    private readonly FakeDns _dns = new(Name);

    [Fact]
    public async Task Submit_NoReplica_WakesKedaAndThePictureComesWithTheFirstWorker()
    {
        var may = new TaskCompletionSource();
        var port = (await KeepAsync(Willing(may.Task).StartAsync(Log))).Address.Port;
        var orchestrator = await StartAsync(s => s with { Redis = redis.Address, Unets = [ServiceAddress.ParseWorkers($"dns:///{Name}:{port}")] });
        using var channel = Open(orchestrator);
        var keda = new ExternalScaler.ExternalScalerClient(channel);
        var (unet, patient) = (Trigger(), Trigger(("activationSeconds", "3600")));
        using var stream = keda.StreamIsActive(unet, cancellationToken: Patience.Token);

        Assert.False(await NextAsync(stream));
        var submitted = orchestrator.Client().Submit(Wishes.Quick(steps: 9));
        Assert.True(await NextAsync(stream));
        var waiting = await ValueAsync(keda, unet);
        Assert.True((await keda.IsActiveAsync(unet)).Result);
        Assert.False((await keda.IsActiveAsync(patient)).Result);
        await _dns.LookedUpAsync();
        _dns.Addresses = [IPAddress.Loopback];
        may.SetResult();
        using var watch = orchestrator.Client().Watch(new WatchRequest { JobId = submitted.Id });
        var events = await Wishes.ReadAsync(watch);

        Assert.NotNull(events[^1].Done);
        Assert.False(await NextAsync(stream));
        // Steps x pixels of a picture nobody has measured yet.
        Assert.Equal(9 * 128 * 128 * StagePace.StartDenoiseSeconds, waiting, 1e-9);
        Assert.Equal(0, await ValueAsync(keda, unet));
    }

    [Theory]
    [InlineData("unet", "unet-seconds")]
    [InlineData("text-encoder", "text-encoder-seconds")]
    [InlineData("vae", "vae-seconds")]
    public async Task GetMetricSpec_EachService_TellsTheTargetOfAReplica(string service, string metric)
    {
        using var channel = Open(await StartAsync());

        var response = await new ExternalScaler.ExternalScalerClient(channel).GetMetricSpecAsync(Trigger(("service", service), ("targetSeconds", "7.5")));

        var spec = Assert.Single(response.MetricSpecs);
        Assert.Equal((metric, 8, 7.5), (spec.MetricName, spec.TargetSize, spec.TargetSizeFloat));
    }

    [Fact]
    public async Task AnyMethod_WrongMetadata_NamesEveryWrongKey()
    {
        using var channel = Open(await StartAsync());
        var keda = new ExternalScaler.ExternalScalerClient(channel);
        var wrong = Trigger(("service", "gpu"), ("targetSeconds", "0"), ("activationSeconds", "-1"), ("targetSecond", "5"));
        using var stream = keda.StreamIsActive(wrong);

        RpcException[] errors =
        [
            await Assert.ThrowsAsync<RpcException>(async () => await keda.IsActiveAsync(wrong)),
            await Assert.ThrowsAsync<RpcException>(async () => await keda.GetMetricSpecAsync(wrong)),
            await Assert.ThrowsAsync<RpcException>(async () => await keda.GetMetricsAsync(new GetMetricsRequest { ScaledObjectRef = wrong, MetricName = "unet-seconds" })),
            await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(Patience.Token)),
        ];

        Assert.All(errors, e => Assert.Equal(StatusCode.InvalidArgument, e.StatusCode));
        Assert.All(errors, e => Assert.Equal(
            ["scalerMetadata.service", "scalerMetadata.targetSeconds", "scalerMetadata.activationSeconds", "scalerMetadata.targetSecond"],
            RichErrors.Problems(e).Select(p => p.Field)));
    }

    [Fact]
    public async Task GetMetrics_UnknownMetric_IsRefused()
    {
        using var channel = Open(await StartAsync());

        var error = await Assert.ThrowsAsync<RpcException>(async () => await new ExternalScaler.ExternalScalerClient(channel).GetMetricsAsync(
            new GetMetricsRequest { ScaledObjectRef = Trigger(), MetricName = "vae-seconds" }));

        Assert.Equal(["metricName"], RichErrors.Problems(error).Select(p => p.Field));
    }

    [Fact]
    public async Task Ports_EachServesItsOwn_AndTheScalersNeedsNoKey()
    {
        using var keys = new TemporaryKeys();
        keys.Add("acme");
        var orchestrator = await StartAsync(s => s with { Keys = keys.Path, Anonymous = AnonymousCalls.Never });
        using var channel = Open(orchestrator);

        var elsewhere = await Assert.ThrowsAsync<RpcException>(async () => await new ExternalScaler.ExternalScalerClient(orchestrator.Channel).IsActiveAsync(Trigger()));
        var other = await Assert.ThrowsAsync<RpcException>(async () => await new Generation.GenerationClient(channel).ListModelsAsync(new ListModelsRequest()));

        Assert.False((await new ExternalScaler.ExternalScalerClient(channel).IsActiveAsync(Trigger())).Result);
        Assert.Equal((StatusCode.Unimplemented, StatusCode.Unimplemented), (elsewhere.StatusCode, other.StatusCode));
    }

    [Fact]
    public async Task StoreAway_MetricsAreUnavailableAndStreamsGoOn()
    {
        var (store, faults) = FaultyStore.Before(new MemoryJobStore(TimeProvider.System));
        var may = new TaskCompletionSource();
        var orchestrator = await StartAsync(s => s with { Configure = builder => builder.Services.AddSingleton(store) }, Willing(may.Task));
        using var channel = Open(orchestrator);
        var keda = new ExternalScaler.ExternalScalerClient(channel);
        using var stream = keda.StreamIsActive(Trigger(), cancellationToken: Patience.Token);
        Assert.False(await NextAsync(stream));

        faults.Fail(nameof(IJobStore.CountAsync));
        // What was read a moment ago still counts.
        var away = await EventuallyFailsAsync(keda);
        await orchestrator.Client().SubmitAsync(Wishes.Quick());
        faults.Heal(nameof(IJobStore.CountAsync));

        Assert.Equal(StatusCode.Unavailable, away.StatusCode);
        Assert.True(await NextAsync(stream));
        may.SetResult();
    }

    [Fact]
    public async Task Stop_StreamsEndWell()
    {
        var orchestrator = await StartAsync();
        using var channel = Open(orchestrator);
        using var stream = new ExternalScaler.ExternalScalerClient(channel).StreamIsActive(Trigger(), cancellationToken: Patience.Token);
        Assert.False(await NextAsync(stream));

        var stopped = orchestrator.Stop();

        Assert.False(await stream.ResponseStream.MoveNext(Patience.Token));
        await stopped;
    }

    [Fact]
    public async Task Gauge_TellsEachServicesSeconds()
    {
        var told = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, all) => { if (instrument.Name == "diffusion.queue.cost") all.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => told[(string)tags[0].Value!] = value);
        listener.Start();
        await StartAsync();
        var patience = Patience.Token;

        while (told.Count < 3)
        {
            listener.RecordObservableInstruments();
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience);
        }

        Assert.Equal(["text-encoder", "unet", "vae"], told.Keys.Order());
    }

    private static async Task<RpcException> EventuallyFailsAsync(ExternalScaler.ExternalScalerClient keda)
    {
        var patience = Patience.Token;
        while (true)
        {
            try
            {
                await ValueAsync(keda, Trigger());
                await Task.Delay(TimeSpan.FromMilliseconds(50), patience);
            }
            catch (RpcException e)
            {
                return e;
            }
        }
    }

    private static async Task<double> ValueAsync(ExternalScaler.ExternalScalerClient keda, ScaledObjectRef trigger)
    {
        var spec = Assert.Single((await keda.GetMetricSpecAsync(trigger)).MetricSpecs);
        var value = Assert.Single((await keda.GetMetricsAsync(new GetMetricsRequest { ScaledObjectRef = trigger, MetricName = spec.MetricName })).MetricValues);
        Assert.Equal(Math.Ceiling(value.MetricValueFloat), value.MetricValue_);
        return value.MetricValueFloat;
    }

    private static async Task<bool> NextAsync(AsyncServerStreamingCall<IsActiveResponse> stream)
    {
        Assert.True(await stream.ResponseStream.MoveNext(Patience.Token));
        return stream.ResponseStream.Current.Result;
    }

    // As a chart writes it, with what KEDA reads itself.
    private static ScaledObjectRef Trigger(params (string Key, string Value)[] metadata)
    {
        var trigger = new ScaledObjectRef { Name = "unet", Namespace = "mesh", ScalerMetadata = { ["scalerAddress"] = "orchestrator:7403" } };
        foreach (var (key, value) in metadata)
            trigger.ScalerMetadata[key] = value;
        return trigger;
    }

    private static GrpcChannel Open(RunningService orchestrator) => GrpcChannel.ForAddress(orchestrator.Addresses[^1]);

    private Task<RunningService> StartAsync(Func<OrchestratorSetup, OrchestratorSetup>? change = null, params FakeUnet[] unets) => OrchestrateAsync(unets, s =>
    {
        var changed = s with
        {
            Scaler = ListenAddress.AnyLoopback,
            Unets = s.Unets.Count > 0 ? s.Unets : [OrchestratorSetup.Nobody],
            Configure = builder =>
            {
                builder.Services.AddSingleton<IDnsResolver>(_dns);
                builder.Services.AddSingleton(new RoutingOptions { LookUpEvery = TimeSpan.FromMilliseconds(20) });
            },
        };
        return change?.Invoke(changed) ?? changed;
    });
}
