using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Models;

/// <summary>What a model's small files say about it. Reading them loads no weights.</summary>
/// <param name="Name">Name of the model's folder.</param>
/// <param name="Folder">Full path of the folder.</param>
/// <param name="Revision">Hash over the model's parts; see <see cref="ModelRevision"/>.</param>
/// <param name="Unet">The denoiser.</param>
/// <param name="Vae">The autoencoder.</param>
/// <param name="Text">The text tower.</param>
/// <param name="Scheduler">Betas, prediction type and the default sampler.</param>
/// <param name="HasVaeEncoder">Pictures can be read into latents.</param>
/// <param name="HasImageEncoder">Pictures can be encoded to CLIP embeddings.</param>
/// <param name="HasImageProjection">CLIP image embeddings can condition the UNet.</param>
/// <param name="Defaults">What a request gets that does not say.</param>
public sealed record ModelFacts(
    string Name,
    string Folder,
    string Revision,
    UnetFacts Unet,
    VaeFacts Vae,
    TextFacts Text,
    SchedulerConfig Scheduler,
    bool HasVaeEncoder,
    bool HasImageEncoder,
    bool HasImageProjection,
    GenerationDefaults Defaults)
{
    /// <summary>Picture sides must be a multiple of this many pixels: each UNet level but the last halves the latents.</summary>
    public int SizeMultiple => Vae.Scale << (Unet.Levels - 1);

    /// <summary>The picture side the model was trained for, in pixels.</summary>
    public int DefaultSize => Unet.SampleSize * Vae.Scale;
}

/// <param name="InChannels">Channels of its input: the latents' own, and a mask's for inpainting models.</param>
/// <param name="OutChannels">Channels of its output.</param>
/// <param name="Levels">Resolutions that it works at.</param>
/// <param name="SampleSize">Latent rows and columns it was trained for.</param>
/// <param name="CrossAttentionWidth">Width of <c>encoder_hidden_states</c>.</param>
public sealed record UnetFacts(int InChannels, int OutChannels, int Levels, int SampleSize, int CrossAttentionWidth);

/// <param name="LatentChannels">Channels of the latents.</param>
/// <param name="Scale">Pixels per latent, each way.</param>
/// <param name="ScalingFactor">Latents are multiplied by this after encoding and divided before decoding.</param>
/// <param name="ShiftFactor">Subtracted before scaling after encoding, added after unscaling before decoding.</param>
public sealed record VaeFacts(int LatentChannels, int Scale, double ScalingFactor, double ShiftFactor);

/// <param name="Window">Tokens that the encoder takes at once, start and end included.</param>
/// <param name="Width">Width of its hidden states.</param>
public sealed record TextFacts(int Window, int Width);

/// <summary>The model card's good settings, from the optional file <c>mesh.json</c>.</summary>
/// <param name="Steps">Sampler steps.</param>
/// <param name="GuidanceScale">Classifier-free guidance scale.</param>
public sealed record GenerationDefaults(int Steps, double GuidanceScale);
