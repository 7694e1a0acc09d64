namespace Diffusion.Mesh.Identity;

/// <summary>
/// Tells whether a file was replaced. A link's own time says nothing: Kubernetes swaps the folder behind the links of a mounted secret.
/// </summary>
/// <param name="Written">When the file that the path leads to was written.</param>
/// <param name="Size">Its bytes; -1 where there is none, so that one that comes back is read.</param>
public readonly record struct FileStamp(DateTime Written, long Size)
{
    /// <summary>As the file is now.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var final = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return final.Exists ? new(final.LastWriteTimeUtc, final.Length) : new(default, -1);
        }
        catch (IOException)
        {
            // Swapped in this moment, or links in a circle.
            return new(default, -1);
        }
    }
}
