using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Tests;

/// <summary>Of two streams for one job the one of the higher epoch goes on.</summary>
[Collection(MeshCollection.Name)]
public sealed class FencingTests(MeshFixture mesh)
{
    private const int Long = 1000;
    private const int Short = 4;

    [Fact]
    public async Task Denoise_HigherEpoch_EndsTheOtherStream()
    {
        var (older, newer) = await JobsAsync();
        using var call = await mesh.Unet.BeginAsync(older);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        var report = await mesh.Unet.DenoiseAsync(newer);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.FollowAsync(_ => { }));

        Assert.NotNull(report.Latents);
        Assert.Equal(StatusCode.Aborted, error.StatusCode);
        Assert.Contains("higher epoch", error.Status.Detail);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Denoise_EpochNotHigher_IsRefusedAndTheRunningStreamGoesOn(ulong epoch)
    {
        var (late, running) = await JobsAsync();
        (late.Epoch, running.Schedule) = (epoch, new Schedule { Steps = Long });
        using var call = await mesh.Unet.BeginAsync(running);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        var error = await Assert.ThrowsAsync<RpcException>(() => mesh.Unet.DenoiseAsync(late));

        Assert.Equal(StatusCode.Aborted, error.StatusCode);
        Assert.Contains("epoch 2", error.Status.Detail);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.NotEmpty(call.ResponseStream.Current.Progress.Evaluations);
    }

    [Fact]
    public async Task Denoise_JobThatEnded_CanBeTakenUpUnderTheSameEpoch()
    {
        var (_, job) = await JobsAsync();

        Assert.Equal((await mesh.Unet.DenoiseAsync(job)).Latents, (await mesh.Unet.DenoiseAsync(job)).Latents);
    }

    private async Task<(DenoiseJob Older, DenoiseJob Newer)> JobsAsync()
    {
        var older = await mesh.JobAsync(StateCases.Request("ddim", Long));
        var newer = older.Clone();
        (newer.Epoch, newer.Schedule) = (2, new Schedule { Steps = Short });
        return (older, newer);
    }
}
