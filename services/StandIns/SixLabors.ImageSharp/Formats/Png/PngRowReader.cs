using System.IO.Compression;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Inflates and unfilters the rows of an image, or of one interlace pass after another.</summary>
internal sealed class PngRowReader : IDisposable
{
    private readonly ZLibStream _inflater;
    private readonly int _stride;
    private byte[] _row;
    private byte[] _above;

    public PngRowReader(Stream data, PngHeader header)
    {
        _inflater = new ZLibStream(data, CompressionMode.Decompress);
        _stride = header.FilterStride;
        _row = new byte[header.RowLength(header.Width) + 1];
        _above = new byte[_row.Length];
    }

    /// <summary>A pass starts as if the row above it were black.</summary>
    public void StartPass() => Array.Clear(_row);

    /// <summary>The next plain row, valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(int length)
    {
        (_row, _above) = (_above, _row);
        var row = _row.AsSpan(0, length + 1);
        if (ReadInflated(row) < row.Length)
            throw new InvalidImageContentException("PNG Image contains too little pixel data.");

        PngFilter.Undo(row[0], row[1..], _above.AsSpan(1), _stride);
        return row[1..];
    }

    /// <summary>Reads past the last row, which makes zlib compare its checksum.</summary>
    public void Finish()
    {
        Span<byte> excess = stackalloc byte[64];
        ReadInflated(excess);
    }

    public void Dispose() => _inflater.Dispose();

    private int ReadInflated(Span<byte> buffer)
    {
        try
        {
            return _inflater.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidImageContentException("PNG Image contains corrupt or truncated pixel data.", e);
        }
    }
}
