using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a run has told and nobody has written yet: of each kind the latest.</summary>
internal sealed class Unsent(ClaimedJob job)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobEvent> _news = [];
    private readonly Queue<int> _kills = [];
    private long _sequence = job.LastSequence;
    private JobCheckpoint? _checkpoint;
    private JobEvent? _step;
    private int _completed;

    /// <summary>The last step's event; null before the first.</summary>
    public JobEvent? Step
    {
        get
        {
            lock (_lock)
                return _step;
        }
    }

    /// <summary>Model evaluations done.</summary>
    public int Completed => Volatile.Read(ref _completed);

    /// <summary>Takes numbers for events to come, and gives the last of them.</summary>
    public long Reserve(int count)
    {
        lock (_lock)
            return _sequence += count;
    }

    public void Add(GenerateEvent news)
    {
        lock (_lock)
        {
            var entry = JobSlots.Event(job.Id, ++_sequence, news);
            _news[entry.Slot] = entry;
            if (news.Step is { } step)
                (_step, _completed) = (entry, (int)step.Completed);
        }
    }

    public void Add(JobCheckpoint checkpoint)
    {
        lock (_lock)
            _checkpoint = checkpoint;
    }

    public void AddKill(int attempt)
    {
        lock (_lock)
            _kills.Enqueue(attempt);
    }

    /// <summary>The events, in order.</summary>
    public JobEvent[] TakeNews()
    {
        lock (_lock)
        {
            JobEvent[] news = [.. _news.Values.OrderBy(e => e.Sequence)];
            _news.Clear();
            return news;
        }
    }

    public JobCheckpoint? TakeCheckpoint()
    {
        lock (_lock)
        {
            var taken = _checkpoint;
            _checkpoint = null;
            return taken;
        }
    }

    /// <summary>It was not written; one that came meanwhile goes before it.</summary>
    public void PutBack(JobCheckpoint checkpoint)
    {
        lock (_lock)
            _checkpoint ??= checkpoint;
    }

    public int? PeekKill()
    {
        lock (_lock)
            return _kills.TryPeek(out var attempt) ? attempt : null;
    }

    public void DropKill()
    {
        lock (_lock)
            _kills.Dequeue();
    }
}
