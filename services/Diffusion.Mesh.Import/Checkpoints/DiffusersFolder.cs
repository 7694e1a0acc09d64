using System.Text.Json;
using System.Text.Json.Nodes;
using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Safetensors;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Checkpoints;

/// <summary>A model as a folder of diffusers: a folder for each part.</summary>
internal static class DiffusersFolder
{
    private const string Index = "model_index.json";

    private static readonly (string Part, string File)[] Parts =
    [
        ("unet", "diffusion_pytorch_model"), ("vae", "diffusion_pytorch_model"), ("text_encoder", "model"), ("text_encoder_2", "model"),
    ];

    /// <exception cref="ImportException">A part is missing or broken, or the folder holds something else than such a model.</exception>
    public static Checkpoint Open(string folder)
    {
        RequireSupported(folder);
        var files = new List<TensorFiles>();
        try
        {
            var parts = new Dictionary<string, PartTensors>(StringComparer.Ordinal);
            foreach (var (part, name) in Parts)
            {
                if (!Directory.Exists(Path.Combine(folder, part)))
                    continue;
                files.Add(TensorFiles.Open(WeightsOf(Path.Combine(folder, part), name)));
                parts.Add(part, new PartTensors(part, files[^1].Tensors));
            }

            if (!parts.ContainsKey("unet"))
                throw new ImportException($"'{folder}' has no unet/: it is no folder of diffusers with a UNet.");
            return new Checkpoint(folder, files, parts, new Dictionary<string, StoredTensor>());
        }
        catch
        {
            files.ForEach(f => f.Dispose());
            throw;
        }
    }

    private static void RequireSupported(string folder)
    {
        var path = Path.Combine(folder, Index);
        if (!File.Exists(path))
            return;
        var index = JsonFile.Read(path);
        var pipeline = Text(index["_class_name"]) ?? "A pipeline without a name";
        if (new[] { "transformer", "prior", "text_encoder_3", "image_noising_scheduler", "motion_adapter", "controlnet" }.FirstOrDefault(Named) is { } part)
            throw new ImportException($"'{folder}' is a {pipeline} with a {part}, which is not supported.");
        if (index["unet"] is JsonArray unet && unet.Count == 2 && Text(unet[1]) is { } name && name != "UNet2DConditionModel")
            throw new ImportException($"'{folder}' is a {pipeline} with a {name}, which is not supported.");

        bool Named(string part) => index[part] is JsonArray names && names.Any(n => n is not null);
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>The file or index with a part's weights: full precision before a variant, one file before shards.</summary>
    private static string WeightsOf(string folder, string name)
    {
        string[] candidates =
        [
            $"{name}.safetensors",
            $"{name}.safetensors.index.json",
            $"{name}.fp16.safetensors",
            $"{name}.safetensors.index.fp16.json",
            $"{name}.fp16.safetensors.index.json",
        ];
        return candidates.Select(c => Path.Combine(folder, c)).FirstOrDefault(File.Exists)
            ?? throw new ImportException(
                File.Exists(Path.Combine(folder, $"{name}.bin")) || File.Exists(Path.Combine(folder, "pytorch_model.bin"))
                    ? $"'{folder}' has its weights only as a pickle (.bin), which can run any code when it is read; get them as .safetensors."
                    : $"'{folder}' has no {candidates[0]}.");
    }
}
