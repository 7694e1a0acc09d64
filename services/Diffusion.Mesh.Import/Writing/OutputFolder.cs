namespace Diffusion.Mesh.Import.Writing;

/// <summary>A folder that appears under its name when it is complete, and leaves nothing behind when it is not.</summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly string _target;
    private bool _complete;

    /// <param name="target">Must not exist; the folders above it are made.</param>
    /// <exception cref="ImportException">It exists, or cannot be written.</exception>
    public OutputFolder(string target)
    {
        _target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        if (Directory.Exists(_target) || File.Exists(_target))
            throw new ImportException($"'{target}' is there already.");
        try
        {
            var parent = Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_target) ?? throw new ImportException($"'{target}' is no name of a folder."));
            // Beside the target, so that the rename stays within one file system; servers that look for models pass by what has no index yet.
            Path = System.IO.Path.Combine(parent.FullName, $".{System.IO.Path.GetFileName(_target)}.{Guid.NewGuid():N}");
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"'{target}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <summary>Gives the folder its name.</summary>
    public void Complete()
    {
        Directory.Move(Path, _target);
        _complete = true;
    }

    public void Dispose()
    {
        if (!_complete && Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
