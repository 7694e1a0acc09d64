using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A finished picture's file on its way to the store.</summary>
/// <param name="Facts">All that clients learn of it but its bytes.</param>
/// <param name="File">The whole file.</param>
internal sealed record StoredPicture(Image Facts, byte[] File)
{
    // What the VAE sends in one message, too.
    private const int PieceBytes = 1 << 20;

    /// <summary>How many pieces the file is sent in.</summary>
    public int Pieces => PiecesOf(File.Length);

    /// <summary>A picture of the pieces that a VAE sent.</summary>
    public static StoredPicture Of(int index, IReadOnlyList<ImageChunk> chunks, double? score = null, uint? candidate = null)
    {
        var facts = new Image
        {
            Index = (uint)index,
            Chunk = new ImageChunk { Format = chunks[0].Format, Width = chunks[0].Width, Height = chunks[0].Height, TotalBytes = chunks[0].TotalBytes },
        };
        if (score is { } s)
            facts.Score = s;
        if (candidate is { } c)
            facts.Candidate = c;
        var file = new byte[chunks.Sum(c => c.Data.Length)];
        foreach (var chunk in chunks)
            chunk.Data.Span.CopyTo(file.AsSpan((int)chunk.Offset));
        return new StoredPicture(facts, file);
    }

    /// <summary>
    /// The events that a client gets for a stored picture. The stored event has the number of the last of them, and those before it were left free.
    /// </summary>
    public static IEnumerable<GenerateEvent> Events(GenerateEvent stored, ReadOnlyMemory<byte> file)
    {
        var pieces = PiecesOf(file.Length);
        for (var i = 0; i < pieces; i++)
        {
            var offset = i * PieceBytes;
            var piece = stored.Clone();
            piece.Sequence = stored.Sequence - (ulong)(pieces - 1 - i);
            piece.Image.Chunk.Offset = (ulong)offset;
            piece.Image.Chunk.Data = UnsafeByteOperations.UnsafeWrap(file.Slice(offset, Math.Min(PieceBytes, file.Length - offset)));
            yield return piece;
        }
    }

    private static int PiecesOf(int bytes) => Math.Max(1, (bytes + PieceBytes - 1) / PieceBytes);
}
