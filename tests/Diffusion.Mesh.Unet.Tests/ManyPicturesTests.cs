using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet.Tests;

public sealed class ManyPicturesTests
{
    private const int Images = 64;

    [Fact]
    public async Task Denoise_SixtyFourPictures_EachFollowsItsOwnConditioning()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel { Unet = new TinyUnet { Weight = 0 } });

        var report = await tiny.Worker.DenoiseAsync(Job());

        // Twice the way from 1 to the picture's own mean.
        var size = report.Latents.Length / Images;
        Assert.All(report.Latents.Index(), value => Assert.Equal(2 * (value.Index / size) - 1, value.Item, 1e-4));
        Assert.All(report.Evaluations, evaluation => Assert.Equal(2u * Images, evaluation.Rows));
        Assert.All(report.Evaluations, evaluation => Assert.InRange(evaluation.BatchRows, 1u, 32u));
    }

    private static DenoiseJob Job()
    {
        var job = TinyWorker.GuidedJob(new Guidance { Scale = 2 });
        job.Noise.Images = Images;
        job.Positive = TinyWorker.Context(0, rows: Images);
        var values = Enumerable.Range(0, Images).SelectMany(image => Enumerable.Repeat((float)image, 2 * TinyUnet.ContextWidth)).ToArray();
        job.Positive.Tensors[0].Tensor = Workers.TensorMessages.ToMessage(values, [Images, 2, TinyUnet.ContextWidth]);
        return job;
    }
}
