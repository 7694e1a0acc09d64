namespace Diffusion.Mesh.Import;

/// <summary>What is to be imported, and how.</summary>
/// <param name="Source">A <c>.safetensors</c> file, the index of its shards, or a diffusers folder.</param>
/// <param name="Output">The model folder to make; must not exist.</param>
public sealed record ImportRequest(string Source, string Output)
{
    /// <summary>Write float16 instead of float32: half the size, for accelerators.</summary>
    public bool Half { get; init; }

    /// <summary>The family, for example <c>sd15</c>; null: to be recognised.</summary>
    public string? Family { get; init; }

    /// <summary><c>epsilon</c> or <c>v_prediction</c>; null: to be recognised.</summary>
    public string? Prediction { get; init; }

    /// <summary>A diffusers folder whose configurations count; null: the source's own, if it has any.</summary>
    public string? Config { get; init; }

    /// <summary>A folder with a tokenizer, or with <c>tokenizer</c> and <c>tokenizer_2</c>; null: the source's own, or the one in <see cref="Config"/>.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>LoRA files and their weights, all merged at once.</summary>
    public IReadOnlyList<(string Path, double Weight)> Loras { get; init; } = [];

    /// <summary>Keys of a LoRA that fit nothing in the model are left out instead of being an error.</summary>
    public bool AllowUnmatched { get; init; }

    /// <summary>Textual inversion files.</summary>
    public IReadOnlyList<string> Embeddings { get; init; } = [];

    /// <summary>Point to weights in the source instead of copying them, where their type fits.</summary>
    public bool Link { get; init; }
}

/// <summary>What an import did.</summary>
/// <param name="Evidence">What was recognised and by what, one line each.</param>
/// <param name="Parameters">Numbers in all networks.</param>
/// <param name="TensorsUsed">Tensors of the source that are part of a network.</param>
/// <param name="Leftovers">Tensors of the source that no network uses.</param>
/// <param name="Bytes">Size of the model folder; linked weights are the source's own.</param>
public sealed record ImportSummary(IReadOnlyList<string> Evidence, long Parameters, int TensorsUsed, int Leftovers, long Bytes);

/// <summary>Follows an import.</summary>
public interface IImportObserver
{
    /// <summary>What was recognised, before anything is written.</summary>
    void Recognized(IReadOnlyList<string> evidence);

    /// <summary>How far the writing is, 0 to 1.</summary>
    void Progress(double done);
}
