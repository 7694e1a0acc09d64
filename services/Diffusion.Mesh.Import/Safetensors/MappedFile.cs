using System.IO.MemoryMappedFiles;

namespace Diffusion.Mesh.Import.Safetensors;

/// <summary>A file whose bytes are mapped range by range, so that what was read does not stay in memory.</summary>
internal sealed class MappedFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly MemoryMappedFile? _map;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public MappedFile(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        _stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Length = _stream.Length;
        // An empty file cannot be mapped.
        if (Length > 0)
            _map = MemoryMappedFile.CreateFromFile(_stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    public long Length { get; }

    /// <summary>Maps a range that lies within the file.</summary>
    public MappedRange Map(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length, nameof(length));
        return new MappedRange(length == 0 ? null : _map!.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read), length);
    }

    public void Dispose()
    {
        _map?.Dispose();
        _stream.Dispose();
    }
}

/// <summary>A mapped range of a file, valid until it is disposed.</summary>
internal sealed unsafe class MappedRange : IDisposable
{
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _first;
    private readonly int _length;

    /// <param name="view">What is mapped; null for a range without bytes.</param>
    public MappedRange(MemoryMappedViewAccessor? view, int length)
    {
        (_view, _length) = (view, length);
        if (view is null)
            return;
        byte* page = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref page);
        _first = page + view.PointerOffset;
    }

    public ReadOnlySpan<byte> Bytes => new(_first, _length);

    public void Dispose()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
    }
}
