using System.Text.Json;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>A model folder around a <see cref="TinyUnet"/>.</summary>
internal sealed record TinyModel
{
    public const float ScalingFactor = 0.5f;
    public const float ShiftFactor = 0.25f;
    public const int SampleSize = 4;

    public TinyUnet Unet { get; init; } = new();

    /// <summary>Channels of the VAE's latents; 0 for a model that works on pixels.</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary><c>sample</c>: the prediction is the clean picture.</summary>
    public string Prediction { get; init; } = "sample";

    public void Write(string folder)
    {
        Write(folder, "model_index.json", new { unet = new[] { "diffusers", "UNet2DConditionModel" } });
        Write(folder, "scheduler/scheduler_config.json", new
        {
            _class_name = "DDIMScheduler",
            beta_start = 0.00085,
            beta_end = 0.012,
            beta_schedule = "scaled_linear",
            clip_sample = false,
            prediction_type = Prediction,
        });
        Write(folder, "unet/config.json", new
        {
            in_channels = Unet.InChannels,
            out_channels = Unet.OutChannels,
            block_out_channels = new[] { 8 },
            sample_size = SampleSize,
            cross_attention_dim = Unet.Context is null ? (int?)null : TinyUnet.ContextWidth,
        });
        File.WriteAllBytes(Path.Combine(folder, "unet", "model.onnx"), Unet.ToBytes());
        if (LatentChannels == 0)
            return;
        Write(folder, "vae_decoder/config.json", new
        {
            latent_channels = LatentChannels,
            block_out_channels = new[] { 8, 8 },
            scaling_factor = ScalingFactor,
            shift_factor = ShiftFactor,
        });
        // The UNet worker looks at the VAE's configuration only.
        File.WriteAllBytes(Path.Combine(folder, "vae_decoder", "model.onnx"), []);
    }

    private static void Write(string folder, string path, object config)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(config));
    }
}
