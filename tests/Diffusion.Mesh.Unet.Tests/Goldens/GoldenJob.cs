using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>Makes a worker's job of a call.</summary>
internal static class GoldenJob
{
    public static DenoiseJob Make(GoldenCall call, ModelFacts model)
    {
        var job = new DenoiseJob
        {
            JobId = "golden",
            Model = model.Name,
            Positive = GoldenConditioning.Positive(call, model),
            Negative = GoldenConditioning.Negative(call, model),
            Guidance = new Guidance { Scale = call.GuidanceScale, Rescale = call.GuidanceRescale },
            Schedule = new Schedule { Steps = call.Steps },
            Sampler = new Sampler(),
            LatentHeight = (uint)(call.Height / model.Scale),
            LatentWidth = (uint)(call.Width / model.Scale),
            Noise = new NoiseStream { Seed = call.Seed, Images = (uint)call.Images },
        };
        if (call.Eta is { } eta)
            job.Sampler.Eta = eta;
        if (call.Kind != "text2img")
            AddPictures(job, call, model);
        return job;
    }

    private static void AddPictures(DenoiseJob job, GoldenCall call, ModelFacts model)
    {
        Assert.Contains(call.Kind, (string[])["img2img", "inpaint"]);
        var image = call.Image!;
        // The test resizes nothing.
        Assert.Equal((call.Width, call.Height), (image.Width, image.Height));
        using var vae = VaeModel.Load(model, new ExecutionOptions { Threads = 1 });
        var pixels = image.ToPlanes();
        job.Source = new SourcePicture { Latents = Encode(vae, pixels, image), Strength = call.Strength };
        if (call.Mask is not { } mask)
            return;

        var size = image.Width * image.Height;
        float[] masked = [.. pixels.Select((value, i) => IsPaintedAnew(mask, i % size) ? 0 : value)];
        job.Inpainting = new Inpainting { Masked = Encode(vae, masked, image), Mask = LatentMask(mask, model.Scale) };
    }

    private static LatentDistribution Encode(VaeModel vae, float[] pixels, Picture image)
    {
        var (mean, logVariance) = vae.Encode(TensorData.From(pixels, [1, 3, image.Height, image.Width]));
        return new LatentDistribution { Mean = mean.ToMessage(), LogVariance = logVariance.ToMessage() };
    }

    // torch's nearest interpolation takes the first pixel of each block.
    private static Tensor LatentMask(Picture mask, int scale)
    {
        var (height, width) = (mask.Height / scale, mask.Width / scale);
        float[] values =
        [
            .. Enumerable.Range(0, height * width).Select(i => IsPaintedAnew(mask, i / width * scale * mask.Width + i % width * scale) ? 1f : 0f),
        ];
        return TensorMessages.ToMessage(values, [1, 1, height, width]);
    }

    private static bool IsPaintedAnew(Picture mask, int pixel) => mask.Rgb[3 * pixel] >= 128;
}
