using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Cli;

/// <summary>The files of a job: they appear whole, all together, under their names.</summary>
internal sealed class OutputFiles : IDisposable
{
    private readonly FileInfo[] _targets;
    private readonly FileStream[] _parts;

    /// <exception cref="OutputException">The folder cannot be written to.</exception>
    public OutputFiles(FileInfo target, int count)
    {
        _targets = count > 1 ? [.. Enumerable.Range(1, count).Select(i => Numbered(target, i))] : [target];
        var parts = new List<FileStream>();
        try
        {
            foreach (var file in _targets)
                parts.Add(new FileStream($"{file.FullName}.part", FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16, FileOptions.DeleteOnClose));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            parts.ForEach(p => p.Dispose());
            throw new OutputException($"{target.FullName} cannot be written: {e.Message}", e);
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
    public void Add(Image image) => _parts[image.Index].Write(image.Chunk.Data.Span);

    /// <summary>Gives the files their names.</summary>
    public IEnumerable<string> Commit()
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i].Flush();
            File.Move(_parts[i].Name, _targets[i].FullName, overwrite: true);
            yield return _targets[i].ToString();
        }
    }

    /// <summary>Deletes what has no name yet.</summary>
    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
    }

    private static FileInfo Numbered(FileInfo file, int number) => new(Path.Combine(
        Path.GetDirectoryName(file.ToString()) ?? "", $"{Path.GetFileNameWithoutExtension(file.Name)}-{number}{file.Extension}"));
}
