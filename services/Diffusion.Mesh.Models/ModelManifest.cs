using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Diffusion.Mesh.Models;

/// <summary>
/// A model's optional list of what its files are: <c>SHA256SUMS</c> in its folder, as <c>sha256sum</c> writes and checks it. Where it is there, every file of the model must be
/// in it and be what it says; hidden files and folders are none of the model's.
/// </summary>
public sealed class ModelManifest
{
    /// <summary>The file's name.</summary>
    public const string File = "SHA256SUMS";

    private const int MaxBytes = 1 << 20;
    private const int DigestLength = 64;

    // A disk gets no faster by more readers.
    private static readonly ParallelOptions Readers = new() { MaxDegreeOfParallelism = 4 };

    private readonly string _model;
    private readonly string _folder;
    private readonly FrozenDictionary<string, string> _digests;

    private ModelManifest(string model, string folder, IEnumerable<(string Path, string Digest)> lines)
    {
        (_model, _folder) = (model, folder);
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, digest) in lines)
        {
            if (!digests.TryAdd(path, digest))
                throw Broken($"names '{path}' more than once");
        }

        _digests = digests.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>A model's manifest; null where it has none.</summary>
    /// <exception cref="ModelFormatException">It is no list of digests, or names what is not inside the folder.</exception>
    public static ModelManifest? Read(string model, string folder)
    {
        var path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
            return null;
        if (new FileInfo(path).Length > MaxBytes)
            throw new ModelFormatException(model, File, $"has more than {MaxBytes} bytes");
        return new ModelManifest(model, folder, System.IO.File.ReadLines(path).Where(l => l.Length > 0).Select((line, i) => Parse(model, line, i + 1)));
    }

    /// <summary>Checks that exactly the files are there that it lists, and the digests of those of at most <see cref="ModelRevision.WholeBytes"/>, which every service reads.</summary>
    /// <exception cref="ModelFormatException">One is missing, unlisted or another one.</exception>
    public void CheckFolder()
    {
        var there = Files("").ToArray();
        if (_digests.Keys.Except(there).Order(StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw new ModelFormatException(_model, missing, $"is missing, and {File} lists it");
        Check(there, path => new FileInfo(Full(path)).Length <= ModelRevision.WholeBytes);
    }

    /// <summary>Checks the digests of all files of a part, however large: who loads it does this first.</summary>
    /// <param name="part">Its folder.</param>
    /// <exception cref="ModelFormatException">One is missing, unlisted or another one.</exception>
    public void CheckPart(string part) => Check([.. Files(part)], _ => true);

    private static (string Path, string Digest) Parse(string model, string line, int number)
    {
        // "DIGEST  PATH", or "DIGEST *PATH" of binary mode.
        var isLine = line.Length > DigestLength + 2 && line[DigestLength] == ' ' && line[DigestLength + 1] is ' ' or '*' && line[..DigestLength].All(char.IsAsciiHexDigit);
        var path = isLine ? line[(DigestLength + 2)..] : "";
        path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        if (path.Split('/').Any(p => p is "" or "." or "..") || path.Contains('\0'))
            throw new ModelFormatException(model, File, $"is broken: line {number} must be a digest, two spaces and a path inside the folder");
        return (path, line[..DigestLength].ToLowerInvariant());
    }

    private IEnumerable<string> Files(string part)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, MaxRecursionDepth = 4 };
        return Directory.EnumerateFiles(Full(part), "*", everything)
            .Select(path => Path.GetRelativePath(_folder, path).Replace('\\', '/'))
            .Where(path => path != File && !path.Split('/').Any(p => p.StartsWith('.')));
    }

    // All must be listed; those that are read are hashed.
    private void Check(string[] paths, Func<string, bool> isRead)
    {
        if (paths.Order(StringComparer.Ordinal).FirstOrDefault(path => !_digests.ContainsKey(path)) is { } unlisted)
            throw new ModelFormatException(_model, unlisted, $"is not listed in {File}");
        var wrong = new ConcurrentBag<string>();
        Parallel.ForEach(paths.Where(isRead), Readers, path =>
        {
            if (!Matches(path))
                wrong.Add(path);
        });
        if (wrong.Order(StringComparer.Ordinal).FirstOrDefault() is { } other)
            throw new ModelFormatException(_model, other, $"cannot be read or is not the file that {File} lists");
    }

    private bool Matches(string path)
    {
        try
        {
            using var file = System.IO.File.OpenRead(Full(path));
            return Convert.ToHexStringLower(SHA256.HashData(file)) == _digests[path];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string Full(string path) => Path.Combine(_folder, path);

    private ModelFormatException Broken(string problem) => new(_model, File, problem);
}
