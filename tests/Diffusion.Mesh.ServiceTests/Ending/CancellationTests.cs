using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>The worker is held inside a forward pass while the end comes: that pass is the last.</summary>
public sealed class CancellationTests(FleetFixture fleet) : FleetTest(fleet), IAsyncLifetime
{
    private const int LastPass = 3;

    private readonly CallWatch _watch = new();
    private readonly ManualTime _time = new();
    private readonly StepBarrier _barrier = new(LastPass);
    private SpanRecorder _spans = null!;
    private Generation.GenerationClient _client = null!;

    public override async Task InitializeAsync()
    {
        _spans = new SpanRecorder(_barrier.OnStart);
        var unet = await KeepAsync(RunningService.StartAsync(new UnetRole(), Log, configure: _watch.Attach));
        // Room for one job only: what is left over in the tables shuts the next one out.
        var orchestrator = await OrchestrateAsync(s => s with
        {
            Unets = [unet.Address],
            Running = 1,
            Queued = 0,
            Timeout = TimeSpan.FromHours(1),
            Configure = builder => builder.Services.AddSingleton<TimeProvider>(_time),
        });
        _client = orchestrator.Client();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        _barrier.Dispose();
        await DisposeAsync();
        _spans.Dispose();
    }

    [Fact]
    public async Task Cancel_WhileDenoising_EndsWithTheStepUnderWay()
    {
        var elsewhere = Wishes.File(await (await OrchestrateAsync()).Client().FulfilAsync(Wishes.Quick()));
        using var call = _client.Generate(Wishes.Quick(steps: 50), _spans.Headers);
        var queued = await call.NextAsync(GenerateEvent.EventOneofCase.Queued);
        await _barrier.Reached;

        await _client.CancelAsync(new CancelRequest { JobId = queued.JobId });
        var error = await EndAsync(call);

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.Contains(queued.JobId, error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(LastPass, _spans.ForwardPasses);
        Assert.Equal(elsewhere, Wishes.File(await _client.FulfilAsync(Wishes.Quick())));
    }

    [Fact]
    public async Task Generate_ClientsDeadlinePasses_EndsWithTheStepUnderWay()
    {
        using var call = _client.Generate(
            Wishes.Quick(steps: 50), _spans.Headers, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5));
        await _barrier.Reached;

        var error = await EndAsync(call);

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal(LastPass, _spans.ForwardPasses);
    }

    [Fact]
    public async Task Generate_ServersTimeoutPasses_EndsWithTheStepUnderWay()
    {
        using var call = _client.Generate(Wishes.Quick(steps: 50), _spans.Headers);
        await _barrier.Reached;

        _time.Advance(TimeSpan.FromHours(1));
        var error = await EndAsync(call);

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal(LastPass, _spans.ForwardPasses);
        Assert.NotNull((await _client.FulfilAsync(Wishes.Quick()))[^1].Done);
    }

    [Fact]
    public async Task Denoise_CancelMessage_EndsWithTheStepUnderWay()
    {
        using var call = new V1.Unet.UnetClient(Fleet.Unet.Channel).Denoise(_spans.Headers);
        await call.RequestStream.WriteAsync(new DenoiseRequest { Job = Shapes.Job(steps: 50) });
        await _barrier.Reached;

        await call.RequestStream.WriteAsync(new DenoiseRequest { Cancel = new CancelDenoise() });
        // The worker answers only once its pass has ended, and it cannot say earlier that it has read the message.
        _barrier.Release();
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(Patience.Token))
            {
            }
        });

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.True(_spans.ForwardPasses < 50);
    }

    [Fact]
    public async Task Cancel_WhileQueued_EndsWithoutAnyWork()
    {
        var orchestrator = await OrchestrateAsync(s => s with { Running = 1, Queued = 1 });
        var client = orchestrator.Client();
        using var running = client.Generate(Wishes.Quick(), _spans.Headers);
        await running.NextAsync(GenerateEvent.EventOneofCase.Queued);
        using var spans = new SpanRecorder();
        using var waiting = client.Generate(Wishes.Quick(), spans.Headers);
        var queued = await waiting.NextAsync(GenerateEvent.EventOneofCase.Queued);
        await client.CancelAsync(new CancelRequest { JobId = queued.JobId });

        var error = await Assert.ThrowsAsync<RpcException>(() => Wishes.ReadAsync(waiting));
        _barrier.Release();
        await Wishes.ReadAsync(running);

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.Empty(spans.Named(TelemetryNames.GenerateSpan));
    }

    private async Task<RpcException> EndAsync(AsyncServerStreamingCall<GenerateEvent> call)
    {
        await _watch.Cancelled;
        _barrier.Release();
        await _watch.Ended;
        return await Assert.ThrowsAsync<RpcException>(() => Wishes.ReadAsync(call));
    }
}
