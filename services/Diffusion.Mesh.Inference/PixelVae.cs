using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Inference;

/// <summary>What a model without a VAE has in its place: its latents are the pixels, in colour or in grey.</summary>
internal sealed class PixelVae : VaeModel
{
    // The smallest that a distribution has: a deviation of 3e-7, so that a sample is the picture itself.
    private const float NoVariance = -30;

    // ITU-R BT.601.
    private static readonly float[] GreyWeights = [0.299f, 0.587f, 0.114f];

    private readonly int _channels;

    private PixelVae(int channels) => _channels = channels;

    /// <inheritdoc/>
    public override bool HasEncoder => true;

    /// <exception cref="ModelFormatException">The UNet's output is neither colour nor grey.</exception>
    public static PixelVae For(ModelFacts model) => model.LatentChannels is 1 or 3
        ? new PixelVae(model.LatentChannels)
        : throw new ModelFormatException(model.Name, "unet/config.json", "has other than 1 or 3 out_channels, and the model no vae_decoder");

    /// <inheritdoc/>
    public override TensorData Decode(TensorData latents)
    {
        if (_channels == 3)
            return latents;
        var grey = latents.ToFloats();
        return TensorData.From([.. grey, .. grey, .. grey], [1, 3, .. latents.Shape.Skip(2)]);
    }

    /// <inheritdoc/>
    public override (TensorData Mean, TensorData LogVariance) Encode(TensorData pixels)
    {
        var mean = _channels == 3 ? pixels : Grey(pixels);
        var logVariance = new float[mean.Count];
        Array.Fill(logVariance, NoVariance);
        return (mean, TensorData.From(logVariance, mean.Shape));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private static TensorData Grey(TensorData pixels)
    {
        var values = pixels.ToFloats();
        var size = pixels.Shape[2] * pixels.Shape[3];
        var grey = new float[pixels.Shape[0] * size];
        for (var i = 0; i < values.Length; i++)
            grey[i / (3 * size) * size + i % size] += GreyWeights[i / size % 3] * values[i];
        return TensorData.From(grey, [pixels.Shape[0], 1, .. pixels.Shape.Skip(2)]);
    }
}
