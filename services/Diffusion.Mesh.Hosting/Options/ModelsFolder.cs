namespace Diffusion.Mesh.Hosting;

/// <summary>Where models are looked for when nobody says.</summary>
public static class ModelsFolder
{
    /// <summary>What <c>MESH_MODELS</c> names; else the folder <c>models</c> here or in a folder above, or beside the program.</summary>
    public static string Default()
    {
        if (Environment.GetEnvironmentVariable("MESH_MODELS") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            var models = Path.Combine(folder.FullName, "models");
            if (Directory.Exists(models) && Directory.EnumerateFiles(models, "model_index.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Any())
                return models;
        }

        return Path.Combine(AppContext.BaseDirectory, "models");
    }
}
