using System.Text.Json;
using System.Text.Json.Serialization;

namespace Diffusion.Mesh.Identity;

/// <summary>The file of keys: JSON, <c>{"keys": [...]}</c>, each as <see cref="KeyEntry"/> with names in snake_case.</summary>
public static class KeyFile
{
    private const long MaxBytes = 64 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // A misspelt quota would be none.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="KeyFileException">It cannot be read, or something in it is wrong.</exception>
    public static IReadOnlyList<KeyEntry> Read(string path)
    {
        IReadOnlyList<KeyEntry> keys;
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes)
                throw new KeyFileException($"{path} has more than {MaxBytes} bytes.");
            keys = JsonSerializer.Deserialize<Content>(file, Json)?.Keys ?? throw new KeyFileException($"{path} holds no keys.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{path} cannot be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new KeyFileException($"{path} is no file of keys: {e.Message}", e);
        }

        if (keys.Any(k => k is null))
            throw new KeyFileException($"{path}: keys must not hold null.");
        var problems = keys.SelectMany((key, i) => key.Problems().Select(p => $"{path}: keys[{i}].{p}"))
            .Concat(keys.GroupBy(k => k.Id).Where(g => g.Count() > 1).Select(g => $"{path}: id {g.Key} is there more than once."))
            .ToArray();
        return problems.Length == 0 ? keys : throw new KeyFileException(string.Join(Environment.NewLine, problems));
    }

    /// <summary>
    /// Changes a file, or makes it: readers see the old one or the new one whole, and only its owner can read it. While somebody else changes it
    /// this fails.
    /// </summary>
    /// <param name="change">From its keys to the new ones.</param>
    /// <exception cref="KeyFileException">It cannot be read or written, or somebody else is changing it.</exception>
    public static void Change(string path, Func<IReadOnlyList<KeyEntry>, IReadOnlyList<KeyEntry>> change)
    {
        // Is lock and new file in one: made first, and renamed at the end.
        var part = $"{path}.part";
        var written = false;
        try
        {
            using (var file = new FileStream(part, OwnersAlone()))
            {
                try
                {
                    var keys = change(File.Exists(path) ? Read(path) : []);
                    JsonSerializer.Serialize(file, new Content { Keys = keys }, Json);
                    file.Flush(flushToDisk: true);
                    written = true;
                }
                finally
                {
                    if (!written)
                        File.Delete(part);
                }
            }

            File.Move(part, path, overwrite: true);
        }
        catch (IOException e) when (!written && File.Exists(part))
        {
            throw new KeyFileException($"{path} is being changed by somebody else; where nobody is, delete {part}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{path} cannot be written: {e.Message}", e);
        }
    }

    private static FileStreamOptions OwnersAlone()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private sealed class Content
    {
        public required IReadOnlyList<KeyEntry> Keys { get; init; }
    }
}
