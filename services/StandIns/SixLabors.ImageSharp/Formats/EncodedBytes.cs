namespace SixLabors.ImageSharp.Formats;

internal static class EncodedBytes
{
    /// <summary>The rest of a stream; the memory of a memory stream is used as it is.</summary>
    public static ReadOnlyMemory<byte> ReadToEnd(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream is MemoryStream memory && memory.TryGetBuffer(out var buffer))
        {
            var start = (int)Math.Min(memory.Position, memory.Length);
            memory.Position = memory.Length;
            return buffer.AsMemory(start);
        }

        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }
}
