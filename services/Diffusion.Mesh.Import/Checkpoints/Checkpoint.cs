using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Safetensors;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Checkpoints;

/// <summary>A checkpoint as it is found, in either layout: which tensors each part has. Its files are open until it is disposed.</summary>
/// <param name="path">The file or the folder.</param>
/// <param name="files">What is open.</param>
/// <param name="parts">By canonical part.</param>
/// <param name="rest">Tensors of no part, by name.</param>
internal sealed class Checkpoint(
    string path,
    IReadOnlyList<TensorFiles> files,
    IReadOnlyDictionary<string, PartTensors> parts,
    IReadOnlyDictionary<string, StoredTensor> rest) : IDisposable
{
    public string Path { get; } = path;

    /// <summary>By canonical part: <c>unet</c>, <c>vae</c>, <c>text_encoder</c>, <c>text_encoder_2</c>.</summary>
    public IReadOnlyDictionary<string, PartTensors> Parts { get; } = parts;

    /// <summary>Tensors of no part: flags, schedules, averages, and whatever else the file has.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Rest { get; } = rest;

    /// <summary>What the files say of themselves.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; } =
        files.SelectMany(f => f.Metadata).DistinctBy(m => m.Key).ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);

    /// <summary>All tensors that were found.</summary>
    public int TensorCount => Rest.Count + Parts.Values.Sum(p => p.Tensors.Count);

    /// <param name="path">A diffusers folder, a <c>.safetensors</c> file or the index of its shards.</param>
    /// <exception cref="ImportException">It is missing, broken, or holds something else than a model.</exception>
    public static Checkpoint Open(string path) => Directory.Exists(path) ? DiffusersFolder.Open(path) : SingleFile.Open(path);

    public PartTensors? Find(string part) => Parts.GetValueOrDefault(part);

    public void Dispose()
    {
        foreach (var file in files)
            file.Dispose();
    }
}
