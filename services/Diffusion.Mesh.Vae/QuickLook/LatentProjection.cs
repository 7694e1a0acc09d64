using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.Vae;

/// <summary>A linear map from a latent's channels to the colour that its pixels have on average.</summary>
/// <param name="factors">For each channel what it adds to red, green and blue, in -1 to 1.</param>
/// <param name="bias">Red, green and blue where all channels are zero.</param>
internal sealed class LatentProjection(IReadOnlyList<double[]> factors, double[] bias)
{
    /// <summary>Number of latent channels.</summary>
    public int Channels => factors.Count;

    /// <summary>The colours of latents, one pixel each.</summary>
    /// <param name="latents">float32 [1, channels, height, width], as the sampler leaves them.</param>
    public Picture Apply(TensorData latents)
    {
        var values = latents.ToFloats();
        var size = latents.Shape[2] * latents.Shape[3];
        var planes = new float[3 * size];
        for (var colour = 0; colour < 3; colour++)
        {
            for (var i = 0; i < size; i++)
            {
                var sum = bias[colour];
                for (var channel = 0; channel < Channels; channel++)
                    sum += factors[channel][colour] * values[channel * size + i];
                planes[colour * size + i] = (float)sum;
            }
        }

        return Picture.FromPlanes(planes, latents.Shape[3], latents.Shape[2]);
    }
}
