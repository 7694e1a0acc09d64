using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

public sealed class DisconnectTests : FakeTest
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(77);

    private readonly ManualTime _time = new();
    private readonly CallWatch _watch = new();
    private readonly TaskCompletionSource<FakeDenoising> _denoising = new();
    private readonly TaskCompletionSource _may = new();
    private readonly TaskCompletionSource _ended = new();

    [Theory]
    [InlineData(OnDisconnect.Unspecified)]
    [InlineData(OnDisconnect.Cancel)]
    public async Task Generate_ClientGoesAway_EndsAfterTheGrace(OnDisconnect onDisconnect)
    {
        var client = await StartAsync();

        var jobId = await LeaveAsync(client, onDisconnect);
        await _time.WhenAwaited(s_grace);
        var inGrace = (await _denoising.Task).Context.CancellationToken.IsCancellationRequested;
        _time.Advance(s_grace);
        await _ended.Task.WaitAsync(Patience.Time);

        Assert.False(inGrace);
        await GoneAsync(client, jobId);
    }

    [Fact]
    public async Task Generate_ClientThatDetachedGoesAway_GoesOnToTheEnd()
    {
        using var spans = new SpanRecorder();
        var client = await StartAsync();

        var jobId = await LeaveAsync(client, OnDisconnect.Detach, spans.Headers);
        _time.Advance(s_grace);
        _may.SetResult();
        await spans.WhenEnded(TelemetryNames.GenerateSpan);

        Assert.Single(spans.Named(TelemetryNames.DecodeSpan));
        await GoneAsync(client, jobId);
    }

    private async Task<Generation.GenerationClient> StartAsync()
    {
        var unet = new FakeUnet(async call =>
        {
            await call.AcceptAsync();
            _denoising.TrySetResult(call);
            try
            {
                await _may.Task.WaitAsync(call.Context.CancellationToken);
                await call.FinishAsync();
            }
            finally
            {
                _ended.TrySetResult();
            }
        });
        var orchestrator = await OrchestrateAsync([unet], s => s with
        {
            DisconnectGrace = s_grace,
            Configure = builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(_time);
                _watch.Attach(builder);
            },
        });
        return orchestrator.Client();
    }

    // Begins a generation and goes away while a worker is at it.
    private async Task<string> LeaveAsync(Generation.GenerationClient client, OnDisconnect onDisconnect, Metadata? headers = null)
    {
        var request = Wishes.Quick();
        request.OnDisconnect = onDisconnect;
        using var call = client.Generate(request, headers);
        var queued = await call.NextAsync(GenerateEvent.EventOneofCase.Queued);
        await _denoising.Task.WaitAsync(Patience.Time);
        call.Dispose();
        await _watch.Ended;
        return queued.JobId;
    }

    // A job leaves the table just after its last span and its workers' calls have ended.
    private static async Task GoneAsync(Generation.GenerationClient client, string jobId)
    {
        var status = StatusCode.OK;
        while (status == StatusCode.OK)
        {
            try
            {
                await client.CancelAsync(new CancelRequest { JobId = jobId }, cancellationToken: Patience.Token);
            }
            catch (RpcException e)
            {
                status = e.StatusCode;
            }
        }

        Assert.Equal(StatusCode.NotFound, status);
    }
}
