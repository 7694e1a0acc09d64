using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Unet;

/// <summary>What a run begins with. All of it follows from the seed, so a run that goes on elsewhere makes it anew.</summary>
/// <param name="State">Before the first evaluation.</param>
/// <param name="Noise">After the draws that were made for this.</param>
/// <param name="Known">What is put back after each step; null where nothing is.</param>
/// <param name="ExtraChannels">What each row of the UNet's input has after the latents: mask and masked picture; mostly empty.</param>
internal sealed record RunStart(SamplerState State, NoiseStream Noise, KnownLatents? Known, float[] ExtraChannels)
{
    /// <summary>Draws what diffusers' pipelines draw before their loop, in their order.</summary>
    /// <param name="shape">Pictures, channels, height and width of the latents.</param>
    public static RunStart Draw(ulong seed, ISampler sampler, ModelFacts model, IReadOnlyList<int> shape, ValidSource? source)
    {
        var stream = new NoiseStream(seed);
        var inpainting = source?.Inpainting;
        var isBlended = inpainting is not null && !model.TakesMask();
        var picture = source is not null && (isBlended || !source.StartsFromNoise) ? source.Latents.Draw(stream, model.Vae) : null;
        var noise = new float[shape.Aggregate(1, (product, length) => product * length)];
        stream.Draw(noise);

        var latents = isBlended ? new float[noise.Length] : noise;
        var start = source is null ? 0 : sampler.StartForStrength(source.Strength);
        if (source is null || source.StartsFromNoise)
            Scale(noise, (float)sampler.InitialNoiseSigma, latents);
        else
            AddNoise(sampler, start, picture!, noise, latents);

        // diffusers draws the masked picture's latents even where the UNet does not take them.
        var masked = inpainting?.Masked?.Draw(stream, model.Vae);
        return new RunStart(
            sampler.Begin(latents, start),
            stream,
            isBlended ? new KnownLatents(picture!, noise, inpainting!.Mask) : null,
            inpainting is not null && model.TakesMask() ? [.. inpainting.Mask, .. masked!] : []);
    }

    private static void Scale(float[] noise, float scale, float[] latents)
    {
        for (var i = 0; i < noise.Length; i++)
            latents[i] = noise[i] * scale;
    }

    private static void AddNoise(ISampler sampler, int position, float[] picture, float[] noise, float[] latents)
    {
        for (var start = 0; start < noise.Length; start += picture.Length)
            sampler.AddNoise(position, picture, noise.AsSpan(start, picture.Length), latents.AsSpan(start, picture.Length));
    }
}
