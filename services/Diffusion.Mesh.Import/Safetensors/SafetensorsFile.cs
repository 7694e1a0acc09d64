using System.Buffers.Binary;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Safetensors;

/// <summary>A safetensors file, open: its header is read, its tensors are mapped when they are read.</summary>
internal sealed class SafetensorsFile : IDisposable
{
    private readonly MappedFile _file;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header, long dataStart)
    {
        _file = file;
        Metadata = header.Metadata;
        Tensors = header.Entries.ToDictionary(e => e.Name, StoredTensor (e) => new SafetensorsTensor(file, e, dataStart), StringComparer.Ordinal);
    }

    /// <summary>The tensors, by the names that the file gives them.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>The strings under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <exception cref="ImportException">The file is missing or broken, or of another kind; one sentence says which.</exception>
    public static SafetensorsFile Open(string path)
    {
        MappedFile file;
        try
        {
            file = new MappedFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            var missing = e is FileNotFoundException or DirectoryNotFoundException;
            throw new ImportException($"'{path}' {(missing ? "does not exist" : "cannot be read")}.", e);
        }

        try
        {
            return Read(file);
        }
        catch (SafetensorsException e)
        {
            file.Dispose();
            throw new ImportException($"'{path}' {e.Message}.", e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    private static SafetensorsFile Read(MappedFile file)
    {
        using var start = file.Map(0, (int)Math.Min(file.Length, SafetensorsHeader.Prefix));
        if (ForeignFormat.Find(start.Bytes) is { } foreign)
            throw new SafetensorsException(foreign);
        if (file.Length < SafetensorsHeader.Prefix)
            throw new SafetensorsException("is truncated: it is shorter than the length of its header");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(start.Bytes);
        if (length > (ulong)(file.Length - SafetensorsHeader.Prefix))
            throw new SafetensorsException($"is truncated or no safetensors file: its header would be {length} bytes long, and the file has {file.Length}");
        if (length > SafetensorsHeader.LongestHeader)
            throw new SafetensorsException($"has a header of {length} bytes; at most {SafetensorsHeader.LongestHeader} are allowed");
        if (length == 0)
            throw new SafetensorsException("has an empty header");

        using var json = file.Map(SafetensorsHeader.Prefix, (int)length);
        var dataStart = SafetensorsHeader.Prefix + (long)length;
        return new SafetensorsFile(file, SafetensorsHeader.Parse(json.Bytes, file.Length - dataStart), dataStart);
    }
}
