using System.Text.Json;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Models;

/// <summary>Reads a model folder in the diffusers ONNX layout.</summary>
public static class ModelFolder
{
    /// <summary>The file of a part's graph, inside the part's folder.</summary>
    public const string Graph = "model.onnx";

    /// <summary>Reads the facts of the model in <paramref name="folder"/>.</summary>
    /// <exception cref="ModelFormatException">A part is missing or broken.</exception>
    public static ModelFacts Read(string folder)
    {
        var full = Path.GetFullPath(folder);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(full));

        ModelConfig Config(string path) => ModelConfig.Read(name, full, path);

        Config("model_index.json");
        foreach (var part in (string[])["text_encoder", "unet", "vae_decoder"])
            RequireGraph(name, full, part);
        foreach (var file in (string[])["tokenizer/vocab.json", "tokenizer/merges.txt"])
            Require(name, full, file);

        var unet = Config("unet/config.json");
        var vae = Config("vae_decoder/config.json");
        var text = Config("text_encoder/config.json");
        return new ModelFacts(
            name,
            full,
            ModelRevision.Of(full),
            new UnetFacts(
                unet.Int("in_channels"),
                unet.Int("out_channels"),
                unet.Count("block_out_channels"),
                unet.Int("sample_size"),
                unet.Int("cross_attention_dim")),
            new VaeFacts(
                vae.Int("latent_channels"),
                1 << (vae.Count("block_out_channels") - 1),
                // The defaults of diffusers' AutoencoderKL: old exports leave the fields out and mean these.
                vae.Double("scaling_factor", 0.18215),
                vae.Double("shift_factor", 0)),
            new TextFacts(text.Int("max_position_embeddings"), text.Int("hidden_size")),
            Scheduler(name, Config("scheduler/scheduler_config.json")),
            HasGraph(full, "vae_encoder"),
            HasGraph(full, "image_encoder"),
            HasGraph(full, "image_projection"),
            Defaults(name, full));
    }

    private static SchedulerConfig Scheduler(string name, ModelConfig config)
    {
        try
        {
            return SchedulerConfig.Parse(config.Utf8());
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(name, "scheduler/scheduler_config.json", $"is broken: {e.Message.TrimEnd('.')}", e);
        }
    }

    // 50 steps at 7.5 are diffusers' own for Stable Diffusion.
    private static GenerationDefaults Defaults(string name, string folder)
    {
        if (!File.Exists(Path.Combine(folder, "mesh.json")))
            return new GenerationDefaults(50, 7.5);
        var file = ModelConfig.Read(name, folder, "mesh.json");
        return new GenerationDefaults(file.Int("steps", 50), file.Double("guidance_scale", 7.5));
    }

    private static bool HasGraph(string folder, string part) => File.Exists(Path.Combine(folder, part, Graph));

    private static void RequireGraph(string name, string folder, string part) => Require(name, folder, $"{part}/{Graph}");

    private static void Require(string name, string folder, string path)
    {
        if (!File.Exists(Path.Combine(folder, path)))
            throw new ModelFormatException(name, path, "is missing");
    }
}
