using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Chaos;

/// <summary>What a client knows of its job.</summary>
internal sealed class Progress(FaultLog faults, Tally tally)
{
    private readonly SortedDictionary<uint, MemoryStream> _pictures = [];
    private DateTime _lastSign = DateTime.UtcNow;

    /// <summary>The last event's number.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Model evaluations done.</summary>
    public uint Completed { get; private set; }

    public bool IsDone { get; private set; }

    public void Take(GenerateEvent next)
    {
        if (next.Sequence <= Sequence)
            throw new InvalidOperationException($"Event {next.Sequence} came after {Sequence}.");
        Sequence = next.Sequence;
        IsDone |= next.Done is not null;
        if (next.Image is { } image)
            Add(image);
        if (next.Step is not { } step)
            return;
        // It stood still over a fault: that one hit it.
        if (faults.Last is { } fault && fault > _lastSign && Completed > 0)
            tally.Detected((DateTime.UtcNow - fault).TotalSeconds);
        (Completed, _lastSign) = (step.Completed, DateTime.UtcNow);
    }

    public IEnumerable<byte[]> Pictures() => _pictures.Values.Select(picture => picture.ToArray());

    private void Add(Image image)
    {
        if (!_pictures.TryGetValue(image.Index, out var picture))
            _pictures[image.Index] = picture = new MemoryStream();
        picture.Write(image.Chunk.Data.Span);
    }
}

/// <summary>When the last fault was.</summary>
internal sealed class FaultLog
{
    private long _ticks;

    public DateTime? Last => Interlocked.Read(ref _ticks) is var ticks and > 0 ? new DateTime(ticks, DateTimeKind.Utc) : null;

    public void Add() => Interlocked.Exchange(ref _ticks, DateTime.UtcNow.Ticks);
}
