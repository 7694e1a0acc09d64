using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Unet;

/// <summary>
/// Inpainting with a UNet that takes latents only: after each step what is kept is put back, with the noise that is left at that point (as diffusers'
/// StableDiffusionInpaintPipeline does it).
/// </summary>
/// <param name="source">The source's latents, [channels, height, width], the same for every picture.</param>
/// <param name="noise">The starting noise, [images, channels, height, width], not scaled.</param>
/// <param name="mask">[height, width], 1 where the picture is painted anew.</param>
internal sealed class KnownLatents(float[] source, float[] noise, float[] mask)
{
    private readonly float[] _noisy = new float[source.Length];

    /// <summary>Puts the source back with the noise of the evaluation at <paramref name="position"/>, or without noise after the last.</summary>
    public void Restore(Span<float> latents, ISampler sampler, int position)
    {
        if (position == sampler.Evaluations.Count)
        {
            Restore(latents);
            return;
        }

        for (var start = 0; start < latents.Length; start += source.Length)
        {
            sampler.AddNoise(position, source, noise.AsSpan(start, source.Length), _noisy);
            Blend(latents.Slice(start, source.Length), _noisy);
        }
    }

    /// <summary>Puts the source back without noise.</summary>
    public void Restore(Span<float> latents)
    {
        for (var start = 0; start < latents.Length; start += source.Length)
            Blend(latents.Slice(start, source.Length), source);
    }

    private void Blend(Span<float> latents, ReadOnlySpan<float> known)
    {
        for (var i = 0; i < latents.Length; i++)
        {
            var share = mask[i % mask.Length];
            latents[i] = (1 - share) * known[i] + share * latents[i];
        }
    }
}
