using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>The reference pipelines: folders of a model and calls of it.</summary>
internal static class GoldenFolder
{
    public static string Pipelines => Path.Combine(TestFolders.Goldens, "pipelines");

    /// <summary>Every call, as <c>FAMILY/NAME</c>.</summary>
    public static TheoryData<string> Calls =>
    [
        .. Directory.EnumerateDirectories(Pipelines)
            .SelectMany(family => Directory.EnumerateFiles(family, "*.json"))
            .Select(file => Path.ChangeExtension(Path.GetRelativePath(Pipelines, file), null).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static string Family(string family) => Path.Combine(Pipelines, family);

    /// <summary>Copies a family's model, so that its files can be changed.</summary>
    public static void CopyModel(string family, string destination)
    {
        var model = Path.Combine(Family(family), "model");
        foreach (var file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(destination, Path.GetRelativePath(model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
