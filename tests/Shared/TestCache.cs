namespace Diffusion.Mesh.Testing;

/// <summary>Large files that tests and benchmarks make once, in the user's cache folder.</summary>
internal static class TestCache
{
    private static string Root => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "diffusion-mesh");

    /// <summary>Full path of a folder of the cache, which need not be there yet.</summary>
    public static string Folder(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file unless it is there; it appears whole or not at all.</summary>
    /// <param name="path">Within the cache.</param>
    /// <param name="bytes">Its length; a file of another length is written anew.</param>
    /// <param name="write">Writes the file of this path.</param>
    /// <returns>Its full path.</returns>
    public static string Once(string path, long bytes, Action<string> write)
    {
        var target = new FileInfo(Path.Combine(Root, path));
        if (target.Exists && target.Length == bytes)
            return target.FullName;
        target.Directory!.Create();
        var temporary = $"{target.FullName}.{Guid.NewGuid():N}.tmp";
        try
        {
            write(temporary);
            File.Move(temporary, target.FullName, overwrite: true);
            return target.FullName;
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
