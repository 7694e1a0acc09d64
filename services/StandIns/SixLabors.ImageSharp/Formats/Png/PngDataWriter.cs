namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Takes compressed bytes and writes them in IDAT chunks of a fixed length; the last one is shorter.</summary>
internal sealed class PngDataWriter(PngChunkWriter writer) : Stream
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _used;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var length = Math.Min(buffer.Length, _buffer.Length - _used);
            buffer[..length].CopyTo(_buffer.AsSpan(_used));
            buffer = buffer[length..];
            _used += length;
            if (_used == _buffer.Length)
                WriteChunk();
        }
    }

    // Chunks are cut by length alone, so that the bytes do not depend on when the compressor flushes.
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (_used > 0)
            WriteChunk();
        base.Dispose(disposing);
    }

    private void WriteChunk()
    {
        writer.Write(PngChunk.Data, _buffer.AsSpan(0, _used));
        _used = 0;
    }
}
