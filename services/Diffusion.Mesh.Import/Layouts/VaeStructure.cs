using System.Collections.Immutable;

namespace Diffusion.Mesh.Import.Layouts;

/// <summary>What an autoencoder's names and shapes tell of it.</summary>
/// <param name="ImageChannels">Channels of a picture.</param>
/// <param name="LatentChannels">Channels of the latents; the encoder gives twice as many, mean and logarithm of variance.</param>
/// <param name="Encoder">From the picture inwards.</param>
/// <param name="Decoder">From the latents outwards.</param>
/// <param name="QuantConvolutions">Whether a 1x1 convolution follows the encoder and another goes before the decoder.</param>
/// <param name="MiddleAttention">Whether the middle blocks have attention.</param>
internal sealed record VaeStructure(
    long ImageChannels,
    long LatentChannels,
    ImmutableArray<VaeLevel> Encoder,
    ImmutableArray<VaeLevel> Decoder,
    bool QuantConvolutions,
    bool MiddleAttention);

/// <summary>One resolution of an autoencoder's half.</summary>
/// <param name="Channels">Channels of its feature maps.</param>
/// <param name="Layers">ResNet blocks.</param>
internal sealed record VaeLevel(long Channels, int Layers);
