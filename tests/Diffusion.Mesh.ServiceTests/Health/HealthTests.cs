using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Health of a worker that loads when the test says so.</summary>
public sealed class HealthTests : ServiceTest
{
    private const string Unet = "diffusion.mesh.v1.Unet";
    private static readonly string[] s_ready = ["", "readiness", Unet];

    private readonly ManualResetEventSlim _mayLoad = new();
    private RunningService _service = null!;

    public override async Task InitializeAsync() => _service = await KeepAsync(RunningService.StartAsync(
        new UnetRole(),
        Log,
        new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Health = ListenAddress.AnyLoopback, Models = RunningService.Models },
        builder => builder.Services.AddSingleton<Func<ModelFacts, ExecutionOptions, UnetModel?>>((model, execution) =>
        {
            _mayLoad.Wait(Patience.Time);
            return UnetModel.Load(model, execution);
        }),
        ready: false));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Check_OnEitherPort_ServesFromLoadedToDraining(int port)
    {
        using var channel = RunningService.Open(_service.Addresses[port]);
        var health = new Grpc.Health.V1.Health.HealthClient(channel);

        var loading = await CheckAsync(health);
        await LoadAsync();
        var loaded = await CheckAsync(health);
        _service.Services.GetRequiredService<Readiness>().SetDraining();
        var draining = await CheckAsync(health);

        Assert.All(loading, s => Assert.Equal(ServingStatus.NotServing, s));
        Assert.All(loaded, s => Assert.Equal(ServingStatus.Serving, s));
        Assert.All(draining, s => Assert.Equal(ServingStatus.NotServing, s));
    }

    [Fact]
    public async Task Check_Liveness_ServesAllTheTime()
    {
        var health = new Grpc.Health.V1.Health.HealthClient(_service.Channel);

        var loading = await health.CheckAsync(new HealthCheckRequest { Service = "liveness" });
        await LoadAsync();
        _service.Services.GetRequiredService<Readiness>().SetDraining();
        var draining = await health.CheckAsync(new HealthCheckRequest { Service = "liveness" });

        Assert.Equal(ServingStatus.Serving, loading.Status);
        Assert.Equal(ServingStatus.Serving, draining.Status);
    }

    [Fact]
    public async Task Check_UnknownService_IsNotFound()
    {
        _mayLoad.Set();
        var health = new Grpc.Health.V1.Health.HealthClient(_service.Channel);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await health.CheckAsync(new HealthCheckRequest { Service = "nobody" }));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Watch_LoadedAndStopped_TellsEachChange(int port)
    {
        using var channel = RunningService.Open(_service.Addresses[port]);
        using var watch = new Grpc.Health.V1.Health.HealthClient(channel).Watch(
            new HealthCheckRequest { Service = Unet }, cancellationToken: Patience.Token);

        var loading = await NextAsync(watch);
        _mayLoad.Set();
        var loaded = await NextAsync(watch);
        var stopped = _service.Stop();
        var stopping = await NextAsync(watch);
        await stopped;

        Assert.Equal([ServingStatus.NotServing, ServingStatus.Serving, ServingStatus.NotServing], [loading, loaded, stopping]);
        Assert.False(await watch.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Denoise_WhileLoadingOrDraining_IsUnavailableAndSaysWhy()
    {
        var loading = await DenoiseAsync();
        await LoadAsync();
        _service.Services.GetRequiredService<Readiness>().SetDraining();
        var draining = await DenoiseAsync();

        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), (loading.StatusCode, draining.StatusCode));
        Assert.Contains("loading", loading.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("draining", draining.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<ServingStatus[]> CheckAsync(Grpc.Health.V1.Health.HealthClient health)
    {
        var statuses = new List<ServingStatus>();
        foreach (var service in s_ready)
            statuses.Add((await health.CheckAsync(new HealthCheckRequest { Service = service })).Status);
        return [.. statuses];
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(Patience.Token));
        return watch.ResponseStream.Current.Status;
    }

    private async Task LoadAsync()
    {
        _mayLoad.Set();
        await _service.Services.GetRequiredService<Readiness>().WhenReady.WaitAsync(Patience.Time);
    }

    private async Task<RpcException> DenoiseAsync()
    {
        using var call = new V1.Unet.UnetClient(_service.Channel).Denoise();
        await call.RequestStream.WriteAsync(new DenoiseRequest { Job = Shapes.Job() });
        return await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Patience.Token));
    }
}
