using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Inference;

/// <summary>What stands between latents and pixels: latents to pixels, and pixels to the latents' distribution.</summary>
public abstract class VaeModel : IDisposable
{
    /// <summary>True when pictures can be encoded.</summary>
    public abstract bool HasEncoder { get; }

    /// <summary>Loads the VAE of <paramref name="model"/>, its encoder where it has one; a model without a VAE works on pixels.</summary>
    /// <exception cref="ModelFormatException">A graph is missing or broken, or a model without a VAE makes no pixels.</exception>
    public static VaeModel Load(ModelFacts model, ExecutionOptions execution) =>
        model.Vae is null ? PixelVae.For(model) : OnnxVae.Load(model, execution);

    /// <summary>Decodes one picture.</summary>
    /// <param name="latents">float32 [1, channels, height, width], as the sampler leaves them.</param>
    /// <returns>float32 [1, 3, height * scale, width * scale], -1 to 1 (a little beyond is possible).</returns>
    public abstract TensorData Decode(TensorData latents);

    /// <summary>Encodes pictures.</summary>
    /// <param name="pixels">float32 [n, 3, height, width], -1 to 1; sides are multiples of the scale.</param>
    /// <returns>Mean and logarithm of the variance, float32 [n, channels, height / scale, width / scale] each, not scaled.</returns>
    public abstract (TensorData Mean, TensorData LogVariance) Encode(TensorData pixels);

    /// <inheritdoc/>
    public abstract void Dispose();
}
