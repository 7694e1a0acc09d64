namespace Diffusion.Mesh.Unet;

/// <summary>The picture that a run starts from.</summary>
/// <param name="Latents">Its latents.</param>
/// <param name="Strength">Share of the steps that is run, above 0 to 1.</param>
/// <param name="Inpainting">What of it is painted anew; null: all.</param>
internal sealed record ValidSource(LatentPosterior Latents, double Strength, ValidInpainting? Inpainting)
{
    /// <summary>Whether the run starts from noise alone: as in diffusers, only inpainting does at full strength.</summary>
    public bool StartsFromNoise => Inpainting is not null && Strength == 1;
}

/// <param name="Mask">[height, width]: 1 where the picture is painted anew, 0 where it is kept.</param>
/// <param name="Masked">The source's latents with what is painted anew greyed out; null only where no model input is made of it.</param>
internal sealed record ValidInpainting(float[] Mask, LatentPosterior? Masked);
