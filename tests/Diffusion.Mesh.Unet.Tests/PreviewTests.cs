using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Unet.Tests;

public sealed class PreviewTests
{
    // Without weight the predicted picture is the context's mean and a ten-thousandth of the timestep.
    private static readonly TinyModel s_flat = new() { Unet = new TinyUnet { Weight = 0 } };

    [Fact]
    public async Task Denoise_PreviewEvery_SendsThePredictedPicture()
    {
        using var tiny = await TinyWorker.StartAsync(s_flat);
        var job = TinyWorker.GuidedJob(new Guidance { Scale = 2 });
        job.PreviewEvery = 2;

        var report = await tiny.Worker.DenoiseWatchedAsync(job);

        // The fourth and last evaluation's is the result itself.
        var preview = Assert.Single(report.Previews);
        Assert.Equal(2u, preview.Completed);
        Assert.Equal([1, 4, TinyWorker.Side, TinyWorker.Side], preview.Latents.Shape);
        Assert.All(Floats(preview), value => Assert.Equal(5 + 500 * TinyUnet.TimestepWeight, value, 1e-5));
    }

    [Fact]
    public async Task Denoise_PreviewOfInpainting_KeepsTheSource()
    {
        using var tiny = await TinyWorker.StartAsync(s_flat);
        var job = TinyWorker.Job(TinyWorker.Context(2));
        job.PreviewEvery = 3;
        job.Source = new SourcePicture { Latents = TinyWorker.Distribution(1), Strength = 1 };
        job.Source.Latents.LogVariance = null;
        job.Inpainting = TinyWorker.Inpainting();

        var preview = Assert.Single((await tiny.Worker.DenoiseWatchedAsync(job)).Previews);

        var kept = (1 - TinyModel.ShiftFactor) * TinyModel.ScalingFactor;
        Assert.All(Floats(preview).Index(), value => Assert.Equal(value.Index % 9 < 6 ? kept : 2 + 250 * TinyUnet.TimestepWeight, value.Item, 1e-5));
    }

    [Fact]
    public async Task Denoise_NoPreviewEvery_SendsNone()
    {
        using var tiny = await TinyWorker.StartAsync(s_flat);

        Assert.Empty((await tiny.Worker.DenoiseAsync(TinyWorker.Job())).Previews);
    }

    [Fact]
    public async Task Send_TwoPreviews_SendsTheLatest()
    {
        var outbox = new DenoiseOutbox(new DenoiseAccepted(), _ => new SamplerState());
        outbox.Report(new DenoisePreview { Completed = 1 });
        outbox.Report(new DenoisePreview { Completed = 2 });
        outbox.Fail(new InvalidOperationException());
        var responses = new Responses<DenoiseResponse>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => outbox.SendAsync(responses, CancellationToken.None));

        Assert.Equal(2u, Assert.Single(responses.Messages, message => message.Preview is not null).Preview.Completed);
    }

    [Fact]
    public async Task Send_PreviewBehindTheResult_SendsTheResultOnly()
    {
        var outbox = new DenoiseOutbox(new DenoiseAccepted(), _ => new SamplerState());
        outbox.Report(new DenoisePreview { Completed = 1 });
        outbox.Complete(new DenoiseResponse { Denoised = new Denoised() });
        var responses = new Responses<DenoiseResponse>();

        await outbox.SendAsync(responses, CancellationToken.None);

        Assert.Equal(
            [DenoiseResponse.ResponseOneofCase.Accepted, DenoiseResponse.ResponseOneofCase.Denoised],
            responses.Messages.Select(message => message.ResponseCase));
    }

    private static float[] Floats(DenoisePreview preview) => TensorMessages.Read(preview.Latents, out _)!.ToFloats();
}
