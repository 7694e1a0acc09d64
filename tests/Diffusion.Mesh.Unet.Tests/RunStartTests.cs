using Diffusion.Mesh.V1;
using NoiseStream = Diffusion.Mesh.Sampling.NoiseStream;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>The draws before the first evaluation, worked out beside the worker.</summary>
public sealed class RunStartTests
{
    private const ulong Seed = 7;
    private const int Size = 4 * TinyWorker.Side * TinyWorker.Side;

    private static readonly TinyModel s_inpainting = new() { Unet = new TinyUnet { InChannels = 9 } };

    [Fact]
    public async Task Parse_Source_DrawsItsPosteriorThenTheNoise()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        var message = Job(0.5);
        message.Noise.Images = 2;

        var job = tiny.Worker.Parser.Parse(message);

        var stream = new NoiseStream(Seed);
        var (picture, noise) = (Latents(stream, 1), Draw(stream, 2 * Size));
        var expected = new float[2 * Size];
        job.Sampler.AddNoise(2, [.. picture, .. picture], noise, expected);
        Assert.Equal(expected, job.State.Latents);
        Assert.Equal((2, 2), (job.State.Start, job.Evaluations));
        Assert.Equal(stream.NumbersDrawn, job.Noise.NumbersDrawn);
    }

    [Fact]
    public async Task Parse_SourceKnownExactly_DrawsNothingForIt()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        var message = Job(1);
        message.Source.Latents.LogVariance = null;

        Assert.Equal((ulong)Size, tiny.Worker.Parser.Parse(message).Noise.NumbersDrawn);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public async Task Parse_InpaintingOfLatents_DrawsSourceNoiseAndMaskedPicture(double strength)
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        var message = Job(strength);
        message.Inpainting = TinyWorker.Inpainting();

        var job = tiny.Worker.Parser.Parse(message);

        var stream = new NoiseStream(Seed);
        var (picture, noise) = (Latents(stream, 1), Draw(stream, Size));
        var expected = noise.ToArray();
        if (strength < 1)
            job.Sampler.AddNoise(2, picture, noise, expected);
        Assert.Equal(expected, job.State.Latents);
        Assert.Equal(3ul * Size, job.Noise.NumbersDrawn);
        Assert.Empty(job.ExtraChannels);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0.5, 3)]
    public async Task Parse_UnetThatTakesTheMask_DrawsTheSourceOnlyWhereItIsUsed(double strength, int draws)
    {
        using var tiny = await TinyWorker.StartAsync(s_inpainting);
        var message = Job(strength);
        message.Inpainting = TinyWorker.Inpainting();

        var job = tiny.Worker.Parser.Parse(message);

        var stream = new NoiseStream(Seed);
        stream.Skip((ulong)(draws - 1), Size);
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 1, 1, .. Latents(stream, 0.5f)], job.ExtraChannels);
        Assert.Equal((ulong)(draws * Size), job.Noise.NumbersDrawn);
        Assert.Null(job.Known);
    }

    [Fact]
    public async Task Denoise_Inpainting_KeepsTheSourceOutsideTheMask()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel());
        var message = Job(1);
        message.Noise.Images = 2;
        message.Inpainting = TinyWorker.Inpainting();

        var report = await tiny.Worker.DenoiseAsync(message);

        var source = Latents(new NoiseStream(Seed), 1);
        for (var i = 0; i < report.Latents.Length; i++)
            Assert.Equal(i % 9 < 6, report.Latents[i] == source[i % Size]);
    }

    [Fact]
    public async Task Denoise_UnetThatTakesTheMask_GetsMaskAndMaskedPicture()
    {
        // Each of the five channels after the latents adds a twentieth; the rest of the prediction is nought at the last timestep.
        using var tiny = await TinyWorker.StartAsync(s_inpainting with { Unet = new TinyUnet { InChannels = 9, Weight = 0 } });
        var message = Job(1);
        message.Noise.Images = 17;
        message.Inpainting = TinyWorker.Inpainting();
        message.Inpainting.Masked.LogVariance = null;

        var report = await tiny.Worker.DenoiseAsync(message);

        var masked = (0.5f - TinyModel.ShiftFactor) * TinyModel.ScalingFactor;
        for (var i = 0; i < report.Latents.Length; i++)
            Assert.Equal((4 * masked + (i % 9 < 6 ? 0 : 1)) / 20, report.Latents[i], 1e-6);
    }

    private static DenoiseJob Job(double strength)
    {
        var job = TinyWorker.Job();
        job.Source = new SourcePicture { Latents = TinyWorker.Distribution(1), Strength = strength };
        return job;
    }

    private static float[] Latents(NoiseStream stream, float mean) =>
        [.. Draw(stream, Size).Select(number => (mean + MathF.Exp(-1) * number - TinyModel.ShiftFactor) * TinyModel.ScalingFactor)];

    private static float[] Draw(NoiseStream stream, int length)
    {
        var numbers = new float[length];
        stream.Draw(numbers);
        return numbers;
    }
}
