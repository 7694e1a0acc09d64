using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Tests;

/// <summary>Pictures made together share one noise stream, as in diffusers: picture i takes row i of each draw.</summary>
[Collection(MeshCollection.Name)]
public sealed class CountTests(MeshFixture mesh)
{
    [Fact]
    public async Task Denoise_TwoPicturesOfADeterministicSampler_BeginWithThatOfTheFirstRowAlone()
    {
        var request = StateCases.Request("ddim", 6);
        var first = await LatentsAsync(request, 1);
        var both = await LatentsAsync(request, 2);

        Close.AssertEqual(first, both.AsSpan(0, first.Length), "picture 0");
        Assert.Contains(first.Zip(both[first.Length..]), pair => Math.Abs(pair.First - pair.Second) > 0.1);
    }

    [Fact]
    public async Task Denoise_TwoPicturesOfAnAncestralSampler_ShareTheLaterDraws()
    {
        var request = StateCases.Request("euler_a", 6);
        var first = await LatentsAsync(request, 1);
        var both = await LatentsAsync(request, 2);

        // Alone, the first picture's second draw is what the second picture began with.
        Assert.Contains(first.Zip(both), pair => Math.Abs(pair.First - pair.Second) > 0.1);
    }

    private async Task<float[]> LatentsAsync(GenerateRequest request, int count)
    {
        var job = await mesh.JobAsync(request);
        job.Noise.Images = (uint)count;
        return TensorMessages.Read((await mesh.Unet.DenoiseAsync(job)).Latents, out _)!.ToFloats();
    }
}
