using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Workers;

/// <summary>What of a model a worker loads.</summary>
/// <param name="Folders">Names of folders below the model's; a model need not have them all.</param>
public sealed record WorkerPart(params IReadOnlyList<string> Folders)
{
    /// <summary>The size of a model's files in these folders.</summary>
    public long Bytes(ModelFacts model) => Folders
        .Select(folder => new DirectoryInfo(Path.Combine(model.Folder, folder)))
        .Where(folder => folder.Exists)
        .Sum(folder => folder.EnumerateFiles().Sum(file => file.Length));
}
