using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Diffusion.Mesh.Models;

/// <summary>A hash over a model's parts: it names the model's numbers to caches and sampler states.</summary>
/// <remarks>
/// SHA-256 over path, length and bytes of each file in the part folders, in the order of their paths; the first 16 hexadecimal digits.
/// A file over <see cref="WholeBytes"/> contributes a sample of every <see cref="SampleStride"/> bytes and its end, so that every process can
/// tell the revision of a model of many gigabytes within a second: another training of a model changes nearly every weight.
/// </remarks>
public static class ModelRevision
{
    /// <summary>Files up to this size are hashed whole.</summary>
    public const long WholeBytes = 64 << 20;

    private const long SampleStride = 4 << 20;
    private const int SampleBytes = 16 << 10;

    /// <summary>The revision of the model in <paramref name="folder"/>.</summary>
    public static string Of(string folder)
    {
        var files = Directory.EnumerateDirectories(folder)
            .SelectMany(part => Directory.EnumerateFiles(part))
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(p => p.StartsWith('.')))
            .Order(StringComparer.Ordinal)
            .ToArray();
        var digests = new byte[files.Length][];
        Parallel.For(0, files.Length, i => digests[i] = Digest(Path.Combine(folder, files[i]), files[i]));
        return Convert.ToHexStringLower(SHA256.HashData(digests.SelectMany(d => d).ToArray()))[..16];
    }

    private static byte[] Digest(string path, string name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        hash.AppendData(Encoding.UTF8.GetBytes(name));
        Span<byte> size = stackalloc byte[9];
        BinaryPrimitives.WriteInt64LittleEndian(size[1..], length);
        hash.AppendData(size);

        var whole = length <= WholeBytes;
        var buffer = new byte[whole ? 1 << 20 : SampleBytes];
        var stride = whole ? buffer.Length : SampleStride;
        for (long offset = 0; offset < length; offset += stride)
            Append(offset);
        if (!whole)
            Append(length - buffer.Length);
        return hash.GetHashAndReset();

        void Append(long offset) => hash.AppendData(buffer.AsSpan(0, RandomAccess.Read(file, buffer, offset)));
    }
}
