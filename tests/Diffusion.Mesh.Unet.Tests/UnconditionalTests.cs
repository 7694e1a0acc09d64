using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>Models without text, without latents, or without either.</summary>
public sealed class UnconditionalTests
{
    private static readonly TinyModel s_unconditional = new() { Unet = new TinyUnet { Context = null, Weight = 0 } };

    private static readonly TinyModel s_pixels = new()
    {
        Unet = new TinyUnet { InChannels = 3, OutChannels = 3, Context = null, Weight = 0 },
        LatentChannels = 0,
    };

    [Fact]
    public async Task Denoise_UnetWithoutContext_NeedsNoConditioning()
    {
        using var tiny = await TinyWorker.StartAsync(s_unconditional);
        var job = TinyWorker.Job();
        job.Positive = null;

        var report = await tiny.Worker.DenoiseAsync(job);

        // At the last timestep, 0, nothing is predicted.
        Assert.All(report.Latents, latent => Assert.Equal(0, latent, 1e-6));
    }

    [Fact]
    public async Task Denoise_GuidanceWithoutContext_ComputesOneRow()
    {
        using var tiny = await TinyWorker.StartAsync(s_unconditional);
        var job = TinyWorker.Job(new Conditioning());
        job.Negative = new Conditioning();
        job.Guidance = new Guidance { Scale = 5 };

        var report = await tiny.Worker.DenoiseAsync(job);

        Assert.All(report.Evaluations, evaluation => Assert.Equal(1u, evaluation.Rows));
    }

    [Fact]
    public async Task Denoise_PixelsFromPicture_KeepsThemUnscaled()
    {
        using var tiny = await TinyWorker.StartAsync(s_pixels);
        var job = TinyWorker.Job(new Conditioning());
        job.Source = new SourcePicture
        {
            Latents = new LatentDistribution { Mean = TinyWorker.Distribution(0.75f, channels: 3).Mean },
            Strength = 1,
        };
        job.Inpainting = new Inpainting { Mask = TinyWorker.Inpainting().Mask };

        var report = await tiny.Worker.DenoiseAsync(job);

        Assert.Equal([1, 3, TinyWorker.Side, TinyWorker.Side], report.Shape);
        Assert.All(report.Latents.Index(), value => Assert.Equal(value.Index % 9 < 6 ? 0.75f : 0, value.Item, 1e-6));
    }
}
