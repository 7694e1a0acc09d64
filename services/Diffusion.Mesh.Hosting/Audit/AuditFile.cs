namespace Diffusion.Mesh.Hosting;

/// <summary>The file of the audit log. It is opened anew for each batch of lines, so that whoever rotates it just renames it.</summary>
internal static class AuditFile
{
    /// <summary>Appends whole lines; where that fails, none of them.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static async Task AppendAsync(string path, ReadOnlyMemory<byte> lines)
    {
        await using var file = Open(path);
        var length = file.Seek(0, SeekOrigin.End);
        try
        {
            await file.WriteAsync(lines);
            await file.FlushAsync();
        }
        catch (IOException)
        {
            // A full disk took a part.
            file.SetLength(length);
            throw;
        }
    }

    /// <exception cref="OptionsException">It cannot be written.</exception>
    public static void Check(string path)
    {
        try
        {
            Open(path).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OptionsException([$"--audit-log: {e.Message}"]);
        }
    }

    // Who called and when is nobody's business but its owner's.
    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
