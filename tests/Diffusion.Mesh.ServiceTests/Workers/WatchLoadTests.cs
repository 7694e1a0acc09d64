using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.TextEncoder;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Vae;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>What workers tell of their load, and what a full one answers.</summary>
public sealed class WatchLoadTests : ServiceTest
{
    [Theory]
    [InlineData(typeof(TextEncoderRole))]
    [InlineData(typeof(UnetRole))]
    [InlineData(typeof(VaeRole))]
    public async Task WatchLoad_IdleWorker_TellsItsModelsAndItsRoomAtOnce(Type role)
    {
        var worker = await StartAsync((ServiceRole)Activator.CreateInstance(role)!, capacity: 5);
        using var call = Watch(worker);

        var load = await NextAsync(call, l => l.Serving);

        Assert.Contains(new LoadedModel { Name = Shapes.Name, Revision = Shapes.Facts.Revision }, load.Models);
        Assert.Equal((false, 0u, 5u, 0.0), (load.Draining, load.Admitted, load.Capacity, load.QueuedSeconds));
    }

    [Fact]
    public async Task WatchLoad_CallComesAndEnds_TellsBoth()
    {
        var worker = await StartAsync(new UnetRole());
        using var watch = Watch(worker);
        using var held = await HoldAsync(worker);

        var busy = await NextAsync(watch, l => l.Admitted > 0);
        held.Dispose();
        var idle = await NextAsync(watch, l => l.Admitted == 0);

        Assert.Equal(1u, busy.Admitted);
        Assert.Equal(0, idle.QueuedSeconds);
    }

    [Fact]
    public async Task WatchLoad_CallsWait_TellsTheirSecondsAsMeasured()
    {
        var worker = await StartAsync(new VaeRole());
        var client = new V1.Vae.VaeClient(worker.Channel);
        var message = new DecodeRequest { Model = Shapes.Name, Latents = Shapes.Latents() };
        await DecodeAsync(client, message);
        using var watch = Watch(worker);
        // One pass has been measured; while others are admitted they are told with what they will take.
        var enough = new TaskCompletionSource();
        var busy = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DecodeUntilAsync(enough.Task, client, message)));

        var load = await NextAsync(watch, l => l.Admitted > 0 && l.QueuedSeconds > 0);
        enough.SetResult();
        await busy;

        Assert.InRange(load.Admitted, 1u, 4u);
    }

    [Fact]
    public async Task WatchLoad_WorkerIsStopped_LastMessageSaysThatItDrains()
    {
        var worker = await StartAsync(new UnetRole());
        using var watch = Watch(worker);
        await NextAsync(watch, l => l.Serving);

        var stopped = worker.Stop();
        var last = await NextAsync(watch, l => l.Draining);

        Assert.False(last.Serving);
        Assert.False(await watch.ResponseStream.MoveNext(Patience.Token));
        await stopped.WaitAsync(Patience.Time);
    }

    [Fact]
    public async Task WatchLoad_NothingChanges_SaysTheSameEveryTwoSeconds()
    {
        var time = new ManualTime();
        var worker = await StartAsync(new VaeRole(), time: time);
        using var watch = Watch(worker);
        var first = await NextAsync(watch, l => l.Serving);
        await time.WhenAwaited(TimeSpan.FromMilliseconds(100));

        var next = watch.ResponseStream.MoveNext(Patience.Token);
        while (!next.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.True(await next);
        Assert.Equal(first, watch.ResponseStream.Current);
    }

    [Fact]
    public async Task WatchLoad_MoreThanItTakes_IsRefusedUntilOneLeaves()
    {
        var worker = await StartAsync(new VaeRole());
        var watches = Enumerable.Range(0, 256).Select(_ => Watch(worker)).ToArray();
        foreach (var watch in watches)
            await NextAsync(watch, l => l.Serving);

        using var more = Watch(worker);
        var error = await Assert.ThrowsAsync<RpcException>(() => NextAsync(more, _ => true));
        Array.ForEach(watches, w => w.Dispose());
        WorkerLoad? later = null;
        while (later is null)
        {
            using var again = Watch(worker);
            try
            {
                later = await NextAsync(again, _ => true);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                // The worker learns a moment later that the others have left.
            }
        }

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task Denoise_WorkerIsFull_TheAnswerCarriesTheLoad()
    {
        var worker = await StartAsync(new UnetRole(), capacity: 1);
        using var held = await HoldAsync(worker);
        using var call = new V1.Unet.UnetClient(worker.Channel).Denoise();
        await call.RequestStream.WriteAsync(new DenoiseRequest { Job = Shapes.Job() });

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Patience.Token));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains("1 of 1 calls", error.Status.Detail, StringComparison.Ordinal);
        var load = RichErrors.Load(error);
        Assert.NotNull(load);
        Assert.Equal((1u, 1u), (load.Admitted, load.Capacity));
    }

    private static AsyncServerStreamingCall<WorkerLoad> Watch(RunningService worker) =>
        new Worker.WorkerClient(worker.Channel).WatchLoad(new WatchLoadRequest());

    private static async Task<WorkerLoad> NextAsync(AsyncServerStreamingCall<WorkerLoad> call, Func<WorkerLoad, bool> wanted)
    {
        while (await call.ResponseStream.MoveNext(Patience.Token))
        {
            if (wanted(call.ResponseStream.Current))
                return call.ResponseStream.Current;
        }

        throw new InvalidOperationException("The stream ended before the load that was waited for.");
    }

    private static async Task DecodeUntilAsync(Task enough, V1.Vae.VaeClient client, DecodeRequest message)
    {
        while (!enough.IsCompleted)
            await DecodeAsync(client, message);
    }

    private static async Task DecodeAsync(V1.Vae.VaeClient client, DecodeRequest message)
    {
        using var call = client.Decode(message);
        while (await call.ResponseStream.MoveNext(Patience.Token))
        {
        }
    }

    // A job that stays until its call is disposed.
    private static async Task<AsyncDuplexStreamingCall<DenoiseRequest, DenoiseResponse>> HoldAsync(RunningService worker)
    {
        var call = new V1.Unet.UnetClient(worker.Channel).Denoise();
        await call.RequestStream.WriteAsync(new DenoiseRequest { Job = Shapes.Job(steps: 1000) });
        Assert.True(await call.ResponseStream.MoveNext(Patience.Token));
        return call;
    }

    private Task<RunningService> StartAsync(ServiceRole role, int capacity = 64, ManualTime? time = null) => KeepAsync(RunningService.StartAsync(
        role,
        Log,
        new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Models = RunningService.Models, Model = [Shapes.Name], Capacity = capacity },
        builder =>
        {
            if (time is not null)
                builder.Services.AddSingleton<TimeProvider>(time);
        }));
}
