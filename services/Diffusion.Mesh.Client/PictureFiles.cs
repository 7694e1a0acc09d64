using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Client;

/// <summary>Puts a job's pictures together from its events.</summary>
internal sealed class PictureFiles
{
    private readonly SortedDictionary<uint, (Image First, byte[] File)> _pictures = [];
    private Queued? _queued;
    private Done? _done;

    /// <summary>Takes the next event.</summary>
    public void Add(GenerateEvent next)
    {
        _queued = next.Queued ?? _queued;
        _done = next.Done ?? _done;
        if (next.Image is not { } image)
            return;
        if (!_pictures.TryGetValue(image.Index, out var picture))
            _pictures[image.Index] = picture = (image, new byte[image.Chunk.TotalBytes]);
        image.Chunk.Data.Span.CopyTo(picture.File.AsSpan((int)image.Chunk.Offset));
    }

    /// <summary>The pictures, after the last event.</summary>
    public GeneratedPictures Whole() => new(
        [.. _pictures.Values.Select(p => new GeneratedPicture(p.File, p.First.Chunk.Format, p.First.HasScore ? p.First.Score : null))],
        _queued ?? new Queued(),
        _done ?? new Done());
}
