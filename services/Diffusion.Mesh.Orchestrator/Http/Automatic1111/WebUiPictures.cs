using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What comes of a job, for an answer that is given at its end.</summary>
internal sealed class WebUiPictures : JobNews
{
    private readonly SortedDictionary<uint, (ImageChunk Facts, byte[] File)> _files = [];

    private volatile Step? _step;
    private volatile Preview? _preview;

    /// <summary>The latest step, for any thread; null: none yet.</summary>
    public Step? Step => _step;

    /// <summary>The latest preview of the first picture, likewise.</summary>
    public Preview? Preview => _preview;

    /// <summary>The finished picture files.</summary>
    public IReadOnlyList<byte[]> Files => [.. _files.Values.Select(f => f.File)];

    /// <summary>Their size in pixels.</summary>
    public (uint Width, uint Height) Size => _files.Values.FirstOrDefault().Facts is { } facts ? (facts.Width, facts.Height) : (Job.Width, Job.Height);

    /// <inheritdoc/>
    protected override void Hear(GenerateEvent message)
    {
        switch (message.EventCase)
        {
            case GenerateEvent.EventOneofCase.Step:
                _step = message.Step;
                break;
            case GenerateEvent.EventOneofCase.Preview when message.Preview.Index == 0:
                _preview = message.Preview;
                break;
            case GenerateEvent.EventOneofCase.Image:
                Add(message.Image.Index, message.Image.Chunk);
                break;
        }
    }

    private void Add(uint index, ImageChunk piece)
    {
        if (!_files.TryGetValue(index, out var file))
            _files[index] = file = (piece, new byte[piece.TotalBytes]);
        piece.Data.Span.CopyTo(file.File.AsSpan((int)piece.Offset));
    }
}
