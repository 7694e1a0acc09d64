using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Unet;

/// <summary>The latents of one picture as the VAE's encoder gives them: a diagonal Gaussian, not scaled.</summary>
/// <param name="Mean">[channels, height, width].</param>
/// <param name="Deviation">The same shape; null where the latents are known exactly.</param>
internal sealed record LatentPosterior(float[] Mean, float[]? Deviation)
{
    /// <summary>A sample, scaled as the UNet knows latents. It takes one draw, or none where the latents are known exactly.</summary>
    public float[] Draw(NoiseStream noise, VaeFacts? vae)
    {
        var latents = Mean.ToArray();
        if (Deviation is not null)
        {
            noise.Draw(latents);
            for (var i = 0; i < latents.Length; i++)
                latents[i] = Mean[i] + Deviation[i] * latents[i];
        }

        if (vae is null)
            return latents;
        var (shift, scale) = ((float)vae.ShiftFactor, (float)vae.ScalingFactor);
        foreach (ref var value in latents.AsSpan())
            value = (value - shift) * scale;
        return latents;
    }
}
