using Grpc.Core;

namespace Diffusion.Mesh.Tests;

/// <summary>A worker that gets a stop signal hands its jobs back.</summary>
[Collection(MeshCollection.Name)]
public sealed class DrainTests(MeshFixture mesh)
{
    private const int Steps = 60;

    [Fact]
    public async Task Denoise_StopSignal_HandsBackWithinOneStepWhatAnotherFinishes()
    {
        await using var worker = await UnetWorker.StartAsync("draining");
        var job = await mesh.JobAsync(StateCases.Request("euler_a", Steps));
        var signalled = DateTime.MaxValue;
        using var call = await worker.Client.BeginAsync(job);
        var report = await call.FollowAsync(response =>
        {
            if (response.Progress is null || worker.Readiness.IsDraining)
                return;
            worker.SignalStop();
            signalled = DateTime.UtcNow;
        });

        var state = report.HandedBack!.State;
        Assert.Null(report.Latents);
        Assert.InRange(state.Position, 1u, Steps - 1u);
        Assert.Equal((int)state.Position, report.Evaluations.Count);
        // The one that had looked just before.
        Assert.InRange(report.Evaluations.Count(evaluation => evaluation.Started.ToDateTime() > signalled), 0, 1);

        var rest = await mesh.Unet.DenoiseAsync(job.From(state));
        Assert.Equal((await mesh.Unet.DenoiseAsync(job)).Latents, rest.Latents);
    }

    [Fact]
    public async Task Denoise_DrainingWorker_RefusesNewJobs()
    {
        await using var worker = await UnetWorker.StartAsync("draining");
        var job = await mesh.JobAsync(StateCases.Request("ddim", 4));
        worker.Readiness.SetDraining();

        var error = await Assert.ThrowsAsync<RpcException>(() => worker.Client.DenoiseAsync(job));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("draining", error.Status.Detail);
    }
}
