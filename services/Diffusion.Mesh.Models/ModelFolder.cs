using System.Text.Json;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Models;

/// <summary>Reads a model folder in the diffusers ONNX layout.</summary>
public static class ModelFolder
{
    /// <summary>The file of a part's graph, inside the part's folder.</summary>
    public const string Graph = "model.onnx";

    /// <summary>Reads the facts of the model in <paramref name="folder"/>.</summary>
    /// <exception cref="ModelFormatException">A part is missing or broken, or is not what the manifest says.</exception>
    public static ModelFacts Read(string folder)
    {
        var full = Path.GetFullPath(folder);
        // Before a byte of it is believed.
        ModelManifest.Read(Path.GetFileName(Path.TrimEndingDirectorySeparator(full)), full)?.CheckFolder();
        var parts = new ModelParts(Path.GetFileName(Path.TrimEndingDirectorySeparator(full)), full);
        parts.RequireGraph("unet");
        return new ModelFacts(
            parts.Model,
            full,
            ModelRevision.Of(full),
            Unet(parts.Config("unet/config.json")),
            parts.Has("vae_decoder") ? Vae(parts) : null,
            [.. TextTowers(parts)],
            Scheduler(parts),
            parts.Has("vae_encoder"),
            parts.Has("image_encoder"),
            parts.Has("image_projection"),
            parts.Index.Flag("force_zeros_for_empty_prompt"),
            Defaults(parts));
    }

    private static UnetFacts Unet(ModelConfig config) => new(
        config.Int("in_channels"),
        config.Int("out_channels"),
        // Each level but the last halves the latents, and an exported graph takes no others than those it halves evenly.
        config.OptionalInt("latent_multiple") ?? 1 << (config.Count("block_out_channels") - 1),
        config.Int("sample_size"),
        config.OptionalInt("cross_attention_dim") ?? 0,
        config.OptionalInt("time_cond_proj_dim") ?? 0,
        config.OptionalText("addition_embed_type") == "text_time");

    private static VaeFacts Vae(ModelParts parts)
    {
        var config = parts.Config("vae_decoder/config.json");
        return new VaeFacts(
            config.Int("latent_channels"),
            1 << (config.Count("block_out_channels") - 1),
            // The defaults of diffusers' AutoencoderKL: old exports leave the fields out and mean these.
            config.Double("scaling_factor", 0.18215),
            config.Double("shift_factor", 0));
    }

    private static IEnumerable<TextTowerFacts> TextTowers(ModelParts parts)
    {
        foreach (var (part, tokenizer) in new[] { ("text_encoder", "tokenizer"), ("text_encoder_2", "tokenizer_2") })
        {
            if (!parts.Has(part))
                continue;
            parts.Require($"{tokenizer}/vocab.json");
            parts.Require($"{tokenizer}/merges.txt");
            var config = parts.Config($"{part}/config.json");
            yield return new TextTowerFacts(
                part, tokenizer, config.Int("max_position_embeddings"), config.Int("hidden_size"), config.Double("layer_norm_eps", 1e-5));
        }
    }

    private static SchedulerConfig Scheduler(ModelParts parts)
    {
        const string path = "scheduler/scheduler_config.json";
        try
        {
            return SchedulerConfig.Parse(parts.Config(path).Utf8());
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(parts.Model, path, $"is broken: {e.Message.TrimEnd('.')}", e);
        }
    }

    // 50 steps at 7.5 are diffusers' own for Stable Diffusion.
    private static GenerationDefaults Defaults(ModelParts parts)
    {
        const string path = "mesh.json";
        if (!parts.Exists(path))
            return new GenerationDefaults(50, 7.5);
        var config = parts.Config(path);
        return new GenerationDefaults(config.Int("steps", 50), config.Double("guidance_scale", 7.5));
    }
}
