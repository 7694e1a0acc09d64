using System.Buffers.Binary;

namespace Diffusion.Mesh.State;

/// <summary>
/// What a reader of a job's events has not read yet: of each slot the latest, however slow it is. Each news tells the number of the last kept event before it;
/// where that one was missed, <see cref="NeedsLoad"/> asks for the stored events before anything is read on.
/// </summary>
/// <param name="after">The last number read.</param>
internal sealed class EventMailbox(long after, TimeProvider time)
{
    // Number of the last kept event before, whether this one is kept.
    private const int Head = 9;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobEvent> _latest = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSource();
    private long _wanted;
    private long _kept;
    private bool _endTold;

    /// <summary>Something is stored that did not come.</summary>
    public bool NeedsLoad
    {
        get
        {
            lock (_lock)
                return _wanted > _kept || _endTold;
        }
    }

    /// <summary>A message of the job's channel.</summary>
    public void Post(byte[] message)
    {
        lock (_lock)
        {
            if (message.Length <= Head)
            {
                _endTold = true;
            }
            else
            {
                var (before, news) = (BinaryPrimitives.ReadInt64BigEndian(message), EventPacket.Read(message.AsMemory(Head)));
                _wanted = Math.Max(_wanted, before);
                if (message[8] == 1 && before <= _kept)
                    _kept = Math.Max(_kept, news.Sequence);
                Put(news);
            }

            _changed.TrySetResult();
        }
    }

    /// <summary>Before the stored events are asked for: what is told from now on may not be among them.</summary>
    public long BeginLoad()
    {
        lock (_lock)
        {
            _endTold = false;
            return _wanted;
        }
    }

    /// <summary>The stored events.</summary>
    /// <param name="wanted">From <see cref="BeginLoad"/>.</param>
    /// <param name="kept">Number of the last kept one.</param>
    public void Load(long wanted, long kept, IEnumerable<JobEvent> events)
    {
        lock (_lock)
        {
            _kept = Math.Max(_kept, Math.Max(wanted, kept));
            foreach (var news in events)
                Put(news);
        }
    }

    /// <summary>The next event, or null.</summary>
    public JobEvent? Take()
    {
        lock (_lock)
        {
            if (_latest.Count == 0)
                return null;
            var next = _latest.Values.MinBy(news => news.Sequence)!;
            _latest.Remove(next.Slot);
            after = next.Sequence;
            return next;
        }
    }

    /// <summary>Waits for a message, at most for a while.</summary>
    /// <returns>False: none came.</returns>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        Task changed;
        lock (_lock)
            changed = _changed.Task;
        try
        {
            await changed.WaitAsync(atMost, time, cancellation);
        }
        catch (TimeoutException)
        {
            return false;
        }

        lock (_lock)
        {
            if (_changed.Task == changed)
                _changed = NewSource();
        }

        return true;
    }

    private void Put(JobEvent news)
    {
        if (news.Sequence > after && !(_latest.TryGetValue(news.Slot, out var latest) && latest.Sequence >= news.Sequence))
            _latest[news.Slot] = news;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
