using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Models;

/// <summary>What a model's small files say about it. Reading them loads no weights.</summary>
/// <param name="Name">Name of the model's folder.</param>
/// <param name="Folder">Full path of the folder.</param>
/// <param name="Revision">Hash over the model's parts; see <see cref="ModelRevision"/>.</param>
/// <param name="Unet">The denoiser.</param>
/// <param name="Vae">The autoencoder; null for a model that works on pixels.</param>
/// <param name="TextTowers">The text encoders: none for an unconditional model, two for SDXL.</param>
/// <param name="Scheduler">Betas, prediction type and the default sampler.</param>
/// <param name="HasVaeEncoder">Pictures can be read into latents.</param>
/// <param name="HasImageEncoder">Pictures can be encoded to CLIP embeddings.</param>
/// <param name="HasImageProjection">CLIP image embeddings can condition the UNet.</param>
/// <param name="ZeroEmptyNegative">An empty negative prompt means embeddings of zeros, not the empty text's (SDXL).</param>
/// <param name="Defaults">What a request gets that does not say.</param>
public sealed record ModelFacts(
    string Name,
    string Folder,
    string Revision,
    UnetFacts Unet,
    VaeFacts? Vae,
    IReadOnlyList<TextTowerFacts> TextTowers,
    SchedulerConfig Scheduler,
    bool HasVaeEncoder,
    bool HasImageEncoder,
    bool HasImageProjection,
    bool ZeroEmptyNegative,
    GenerationDefaults Defaults)
{
    /// <summary>Channels of the latents; of the pixels where there is no VAE.</summary>
    public int LatentChannels => Vae?.LatentChannels ?? Unet.OutChannels;

    /// <summary>Pixels per latent, each way.</summary>
    public int Scale => Vae?.Scale ?? 1;

    /// <summary>Picture sides must be a multiple of this many pixels.</summary>
    public int SizeMultiple => Scale * Unet.LatentMultiple;

    /// <summary>The picture side the model was trained for, in pixels.</summary>
    public int DefaultSize => Unet.SampleSize * Scale;

    /// <summary>Tokens that the text encoder takes at once, start and end included; 0 without one.</summary>
    public int TextWindow => TextTowers.Count > 0 ? TextTowers[0].Window : 0;
}

/// <param name="InChannels">Channels of its input: the latents' own, and a mask's and a masked picture's for inpainting models.</param>
/// <param name="OutChannels">Channels of its output.</param>
/// <param name="LatentMultiple">Latent rows and columns must be a multiple of this.</param>
/// <param name="SampleSize">Latent rows and columns it was trained for.</param>
/// <param name="ContextWidth">Width of <c>encoder_hidden_states</c>; 0 for an unconditional UNet.</param>
/// <param name="GuidanceEmbeddingWidth">Width of <c>timestep_cond</c>, into which the guidance scale goes (LCM); 0 where there is none.</param>
/// <param name="TakesSizes">True where sizes and crop go in as <c>time_ids</c> (SDXL).</param>
public sealed record UnetFacts(
    int InChannels, int OutChannels, int LatentMultiple, int SampleSize, int ContextWidth, int GuidanceEmbeddingWidth, bool TakesSizes);

/// <param name="LatentChannels">Channels of the latents.</param>
/// <param name="Scale">Pixels per latent, each way.</param>
/// <param name="ScalingFactor">Latents are multiplied by this after encoding and divided before decoding.</param>
/// <param name="ShiftFactor">Subtracted before scaling after encoding, added after unscaling before decoding.</param>
public sealed record VaeFacts(int LatentChannels, int Scale, double ScalingFactor, double ShiftFactor);

/// <param name="Part">Its folder: <c>text_encoder</c> or <c>text_encoder_2</c>.</param>
/// <param name="Tokenizer">Its tokenizer's folder.</param>
/// <param name="Window">Tokens that it takes at once, start and end included.</param>
/// <param name="Width">Width of its hidden states.</param>
/// <param name="LayerNormEpsilon">The constant in its final layer norm.</param>
public sealed record TextTowerFacts(string Part, string Tokenizer, int Window, int Width, double LayerNormEpsilon);

/// <summary>The model card's good settings, from the optional file <c>mesh.json</c>.</summary>
/// <param name="Steps">Sampler steps.</param>
/// <param name="GuidanceScale">Classifier-free guidance scale.</param>
public sealed record GenerationDefaults(int Steps, double GuidanceScale);
