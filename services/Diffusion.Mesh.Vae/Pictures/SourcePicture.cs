using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.Vae;

/// <summary>A picture brought to size, and what of it is painted anew.</summary>
/// <param name="Mask">Of the picture's size; null: everything alike.</param>
internal sealed record SourcePicture(Picture Picture, PictureMask? Mask)
{
    /// <summary>Its pixels as a VAE takes them, float32 [1, 3, height, width].</summary>
    public TensorData Pixels { get; } = TensorData.From(Picture.ToPlanes(), [1, 3, Picture.Height, Picture.Width]);

    /// <summary>The same with what is painted anew greyed out; null without a mask.</summary>
    public TensorData? MaskedPixels => Mask is null ? null : TensorData.From(Mask.Grey(Pixels.ToFloats()), Pixels.Shape);

    /// <summary>The mask over latents, float32 [1, 1, height / scale, width / scale]; null without a mask.</summary>
    public TensorData? LatentMask(int scale) =>
        Mask is null ? null : TensorData.From(Mask.ToLatents(scale), [1, 1, Picture.Height / scale, Picture.Width / scale]);
}
