using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Cli;

/// <summary>The files of a job: they appear whole, all together, under their names.</summary>
internal sealed class OutputFiles : IDisposable
{
    // What is more the server refuses; no file is opened for it.
    private const int Most = 16;

    private readonly FileInfo[] _targets;
    private readonly FileStream[] _parts;

    /// <exception cref="OutputException">The folder cannot be written to, or the file's name is a folder's.</exception>
    public OutputFiles(FileInfo target, int count)
    {
        _targets = count > 1 ? [.. Enumerable.Range(1, Math.Min(count, Most)).Select(i => Numbered(target, i))] : [target];
        var parts = new List<FileStream>();
        try
        {
            foreach (var file in _targets)
            {
                if (Directory.Exists(file.FullName))
                    throw new IOException("it is a folder.");
                parts.Add(new FileStream($"{file.FullName}.part", FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16, FileOptions.DeleteOnClose));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            parts.ForEach(p => p.Dispose());
            throw Unwritable(target, e);
        }

        _parts = [.. parts];
    }

    /// <summary>The format that a file's name asks for.</summary>
    /// <exception cref="OutputException">None that is known.</exception>
    public static ImageFormat Format(FileInfo file) => file.Extension.ToLowerInvariant() switch
    {
        ".png" => ImageFormat.Png,
        ".jpg" or ".jpeg" => ImageFormat.Jpeg,
        ".webp" => ImageFormat.Webp,
        _ => throw new OutputException($"{file.Name} must end in .png, .jpg or .webp."),
    };

    /// <summary>Writes a piece of a picture.</summary>
    /// <exception cref="OutputException">The disk is full, or gone.</exception>
    public void Add(Image image)
    {
        try
        {
            _parts[image.Index].Write(image.Chunk.Data.Span);
        }
        catch (IOException e)
        {
            throw Unwritable(_targets[image.Index], e);
        }
    }

    /// <summary>Gives the files their names, and tells them.</summary>
    /// <exception cref="OutputException">A file cannot have its name.</exception>
    public IReadOnlyList<string> Commit()
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            try
            {
                _parts[i].Flush();
                File.Move(_parts[i].Name, _targets[i].FullName, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unwritable(_targets[i], e);
            }
        }

        return Array.ConvertAll(_targets, t => t.ToString());
    }

    /// <summary>Deletes what has no name yet.</summary>
    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
    }

    private static OutputException Unwritable(FileInfo file, Exception error) => new($"{file.FullName} cannot be written: {error.Message}", error);

    private static FileInfo Numbered(FileInfo file, int number) => new(Path.Combine(
        Path.GetDirectoryName(file.ToString()) ?? "", $"{Path.GetFileNameWithoutExtension(file.Name)}-{number}{file.Extension}"));
}
