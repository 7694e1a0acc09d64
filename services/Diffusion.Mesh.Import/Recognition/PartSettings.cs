using System.Collections.Immutable;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>What a UNet's shapes do not tell: from the configuration, else from the family.</summary>
/// <param name="Heads">Attention heads of each level, from the finest; the middle block has the last one's. At levels without attention of no account.</param>
/// <param name="SampleSize">Latent rows and columns that it was trained for.</param>
/// <param name="NormGroups">Groups of every group norm.</param>
/// <param name="NormEpsilon">The constant in the ResNet blocks' and the last group norm; a transformer's own group norm has 1e-6.</param>
/// <param name="AddedTimeWidth">Width of each embedded number of <c>time_ids</c> (SDXL); 0 where the UNet takes none.</param>
internal sealed record UnetSettings(
    ImmutableArray<int> Heads, int SampleSize, int NormGroups = 32, double NormEpsilon = 1e-5, int AddedTimeWidth = 0);

/// <summary>What an autoencoder's shapes do not tell. All its group norms have 1e-6.</summary>
/// <param name="ScalingFactor">Latents are multiplied by this after encoding and divided before decoding; outside the graph.</param>
/// <param name="ShiftFactor">Subtracted before scaling; outside the graph.</param>
/// <param name="SampleSize">Picture side in pixels that it was trained for.</param>
/// <param name="NormGroups">Groups of every group norm.</param>
internal sealed record VaeSettings(double ScalingFactor, double ShiftFactor, int SampleSize, int NormGroups = 32);

/// <summary>What a CLIP text encoder's shapes do not tell.</summary>
/// <param name="Heads">Attention heads of every layer.</param>
/// <param name="Activation">Of the feed-forward layers.</param>
/// <param name="EndToken">Id of the token whose row, at its first place, is the pooled embedding; never an id that was added later.</param>
/// <param name="LayerNormEpsilon">The constant in every layer norm.</param>
internal sealed record TextSettings(int Heads, ClipActivation Activation, int EndToken, double LayerNormEpsilon = 1e-5);

/// <summary>Activations of CLIP's feed-forward layers.</summary>
internal enum ClipActivation
{
    /// <summary>x·σ(1.702x), OpenAI's.</summary>
    QuickGelu,

    /// <summary>The exact one, with the error function: OpenCLIP's.</summary>
    Gelu,
}
