using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Unet;

/// <summary>What a UNet takes beside the latents, as the number of its input channels tells.</summary>
internal static class InputChannels
{
    /// <summary>Latents alone; what inpainting keeps is put back after each step.</summary>
    public static bool TakesLatentsOnly(this ModelFacts model) => model.Unet.InChannels == model.LatentChannels;

    /// <summary>Latents, a mask and the masked picture's latents: an inpainting model.</summary>
    public static bool TakesMask(this ModelFacts model) => model.Unet.InChannels == 2 * model.LatentChannels + 1;
}
