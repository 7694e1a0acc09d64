using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet.Tests;

public sealed class GuidanceTests
{
    // Without weight the prediction is the context's mean: 3 with, 1 without the prompt; twice the way from 1 to 3 is 5.
    private static readonly TinyModel s_flat = new() { Unet = new TinyUnet { Weight = 0 } };

    [Theory]
    [InlineData(0, null, new[] { 2, 2, 2, 2 }, 5)]
    [InlineData(0.5, null, new[] { 1, 1, 2, 2 }, 5)]
    [InlineData(0.51, 1.0, new[] { 1, 1, 1, 2 }, 5)]
    [InlineData(0, 0.5, new[] { 2, 2, 1, 1 }, 3)]
    [InlineData(0.25, 0.5, new[] { 1, 2, 1, 1 }, 3)]
    [InlineData(0.5, 0.5, new[] { 1, 1, 1, 1 }, 3)]
    [InlineData(1, 1.0, new[] { 1, 1, 1, 1 }, 3)]
    public async Task Denoise_Interval_ComputesTheUnguidedRowInsideOnly(double start, double? end, int[] rows, float result)
    {
        using var tiny = await TinyWorker.StartAsync(s_flat);
        var guidance = new Guidance { Scale = 2, IntervalStart = start };
        if (end is { } value)
            guidance.IntervalEnd = value;

        var report = await tiny.Worker.DenoiseAsync(TinyWorker.GuidedJob(guidance));

        Assert.Equal(rows, report.Evaluations.Select(evaluation => (int)evaluation.Rows));
        Assert.All(report.Latents, latent => Assert.Equal(result, latent, 1e-5));
    }

    [Fact]
    public async Task Denoise_IntervalOfARunFromAPicture_IsASharesOfTheEvaluationsRun()
    {
        using var tiny = await TinyWorker.StartAsync(s_flat);
        var job = TinyWorker.GuidedJob(new Guidance { Scale = 2, IntervalStart = 0.5 });
        job.Source = new SourcePicture { Latents = TinyWorker.Distribution(0), Strength = 0.5 };

        var report = await tiny.Worker.DenoiseAsync(job);

        Assert.Equal([1, 2], report.Evaluations.Select(evaluation => (int)evaluation.Rows));
    }

    [Fact]
    public async Task Denoise_ScaleOne_HasNoUnguidedRow()
    {
        using var tiny = await TinyWorker.StartAsync(s_flat);

        var report = await tiny.Worker.DenoiseAsync(TinyWorker.GuidedJob(new Guidance { Scale = 1 }));

        Assert.All(report.Evaluations, evaluation => Assert.Equal(1u, evaluation.Rows));
        Assert.All(report.Latents, latent => Assert.Equal(3, latent, 1e-5));
    }

    [Fact]
    public async Task Denoise_PromptsOfDifferentLengths_GiveWhatEqualOnesDo()
    {
        using var tiny = await TinyWorker.StartAsync(s_flat);
        var job = TinyWorker.GuidedJob(new Guidance { Scale = 2 });
        job.Negative = TinyWorker.Context(1, tokens: 9);

        var report = await tiny.Worker.DenoiseAsync(job);

        Assert.All(report.Evaluations, evaluation => Assert.Equal(2u, evaluation.Rows));
        Assert.All(report.Latents, latent => Assert.Equal(5, latent, 1e-5));
    }

    [Fact]
    public async Task Denoise_RescaleOfTwoPictures_IsDoneForEachByItself()
    {
        var call = GoldenCall.Read("zsnr/rescaled-guidance");
        using var worker = await UnetWorker.StartAsync(GoldenFolder.Family("zsnr"));
        var job = GoldenJob.Make(call, worker.Model("model"));
        job.Noise.Images = 2;

        var report = await worker.DenoiseAsync(job);

        // The first of two pictures has the noise of one alone.
        Assert.True(Close.Difference(call.Latents, report.Latents.AsSpan(0, call.Latents.Length)) <= call.Tolerance);
    }
}
