namespace Diffusion.Mesh.Models;

/// <summary>The parts of a model folder: those that <c>model_index.json</c> names must be there, others may.</summary>
internal sealed class ModelParts
{
    private readonly string _folder;

    public ModelParts(string model, string folder)
    {
        (Model, _folder) = (model, folder);
        Index = Config("model_index.json");
    }

    public string Model { get; }

    public ModelConfig Index { get; }

    public ModelConfig Config(string path) => ModelConfig.Read(Model, _folder, path);

    public bool Exists(string path) => File.Exists(Path.Combine(_folder, path));

    /// <summary>Whether the model has this part.</summary>
    /// <exception cref="ModelFormatException">The index names it, and its graph is missing.</exception>
    public bool Has(string part)
    {
        if (Index.Names(part))
            RequireGraph(part);
        return Exists($"{part}/{ModelFolder.Graph}");
    }

    public void RequireGraph(string part) => Require($"{part}/{ModelFolder.Graph}");

    /// <exception cref="ModelFormatException">The file is missing.</exception>
    public void Require(string path)
    {
        if (!Exists(path))
            throw new ModelFormatException(Model, path, "is missing");
    }
}
