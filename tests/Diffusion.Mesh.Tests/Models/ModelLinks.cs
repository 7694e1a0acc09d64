namespace Diffusion.Mesh.Tests;

/// <summary>A model folder whose files are links to those of another.</summary>
internal static class ModelLinks
{
    public static void Make(string source, string destination)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var link = Path.Combine(destination, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, file);
        }
    }
}
