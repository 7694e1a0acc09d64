using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Safetensors;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Adapters;

/// <summary>Reads textual inversion files.</summary>
internal static class ConceptFile
{
    private const string Unnamed = "emb_params";

    /// <summary>The names that SDXL's files give to what belongs to each encoder.</summary>
    private static readonly string[] Encoders = ["clip_l", "clip_g"];

    /// <exception cref="ImportException">A file is broken, does not fit the model's text encoders, or two have one name.</exception>
    public static IReadOnlyList<Concept> ReadAll(IReadOnlyList<string> paths, RecognizedModel model)
    {
        var concepts = paths.Select(path => Read(path, model)).ToList();
        var twice = concepts.SelectMany(c => c.Tokens).GroupBy(t => t, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? concepts : throw new ImportException($"Two of the embeddings have the token '{twice.Key}'; rename one of the files.");
    }

    private static Concept Read(string path, RecognizedModel model)
    {
        using var files = TensorFiles.Open(path);
        var named = files.Tensors.Keys.All(k => k != Unnamed && !Encoders.Contains(k));
        if (files.Tensors.Count != 1 && (named || files.Tensors.Count > Encoders.Length))
            throw new ImportException($"'{path}' is no textual inversion: it has {files.Tensors.Count} tensors.");
        var name = named ? files.Tensors.Keys.First() : Path.GetFileNameWithoutExtension(path);
        if (string.IsNullOrWhiteSpace(name))
            throw new ImportException($"'{path}' is a textual inversion without a name.");

        var vectors = files.Tensors.Values.Select(t => Vectors(path, t)).ToList();
        var byEncoder = new Dictionary<string, Factor>(StringComparer.Ordinal);
        foreach (var text in model.TextEncoders)
        {
            var width = Table(text.Weights).Shape[1];
            if (vectors.Where(v => v.Columns == width).ToList() is not [var own])
                throw new ImportException($"'{path}' has no vectors of {width} numbers, which the model's {text.Weights.Name} needs; it was made for another family.");
            byEncoder.Add(text.Weights.Name, own);
        }

        if (byEncoder.Count != vectors.Count || byEncoder.Values.Select(v => v.Rows).Distinct().Count() != 1)
            throw new ImportException($"'{path}' has other vectors than the model's text encoders need, or not as many for each.");
        return new Concept(name, byEncoder);
    }

    /// <summary>The token embeddings of a text encoder.</summary>
    public static StoredTensor Table(CheckpointPart text) => text.Tensors[TokenTable.Canonical];

    private static Factor Vectors(string path, StoredTensor tensor) => tensor.Shape.Rank switch
    {
        1 when tensor.Count > 0 => new Factor(tensor.ReadAll(), 1),
        2 when tensor.Count > 0 => Factor.Of(tensor),
        _ => throw new ImportException($"'{path}' is no textual inversion: '{tensor.Name}' has the shape {tensor.Shape}."),
    };
}
