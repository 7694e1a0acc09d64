using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Safetensors;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Checkpoints;

/// <summary>A model in one file of the original layout.</summary>
internal static class SingleFile
{
    private const string SecondTower = "conditioner.embedders.0.model.";

    /// <summary>Width of the embeddings of OpenCLIP's bigG, which alone is the refiner's text encoder.</summary>
    private const long WidthOfBigG = 1280;

    private static readonly (string Prefix, string Part)[] Prefixes =
    [
        ("model.diffusion_model.", "unet"),
        ("first_stage_model.", "vae"),
        ("vae.", "vae"),
        ("cond_stage_model.transformer.", "text_encoder"),
        ("cond_stage_model.model.", "text_encoder"),
        ("conditioner.embedders.0.transformer.", "text_encoder"),
        (SecondTower, "text_encoder"),
        ("conditioner.embedders.1.transformer.", "text_encoder_2"),
        ("conditioner.embedders.1.model.", "text_encoder_2"),
    ];

    /// <exception cref="ImportException">The file is broken, or holds something else than a model.</exception>
    public static Checkpoint Open(string path)
    {
        var files = TensorFiles.Open(path);
        try
        {
            var checkpoint = Split(path, [files], files.Tensors);
            if (checkpoint.Find("unet") is null)
                throw new ImportException($"'{path}' {OtherKinds.Describe(new NameTree(files.Tensors.Keys))}.");
            return checkpoint;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Shares the tensors of a file out among the parts.</summary>
    public static Checkpoint Split(string path, IReadOnlyList<TensorFiles> files, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        var parts = new Dictionary<string, Dictionary<string, StoredTensor>>(StringComparer.Ordinal);
        var rest = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        var refiner = tensors.TryGetValue($"{SecondTower}token_embedding.weight", out var tokens)
            && tokens.Shape is { Rank: 2 } shape && shape[1] == WidthOfBigG;
        foreach (var (name, tensor) in tensors)
        {
            var (prefix, part) = Prefixes.FirstOrDefault(p => name.StartsWith(p.Prefix, StringComparison.Ordinal));
            if (part is null)
            {
                rest.Add(name, tensor);
                continue;
            }

            if (refiner && prefix == SecondTower)
                part = "text_encoder_2";
            if (!parts.TryGetValue(part, out var found))
                parts.Add(part, found = new(StringComparer.Ordinal));
            if (!found.TryAdd(name[prefix.Length..], tensor))
                throw new ImportException($"'{path}' has '{name[prefix.Length..]}' of {part} under two prefixes.");
        }

        return new Checkpoint(path, files, parts.ToDictionary(p => p.Key, p => new PartTensors(p.Key, p.Value)), rest);
    }
}
