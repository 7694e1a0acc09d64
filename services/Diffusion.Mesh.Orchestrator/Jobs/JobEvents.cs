using System.Runtime.CompilerServices;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// A job's events with their numbers. Any number of readers, each from any number on; of steps, and of previews of one picture, only the latest is kept,
/// so a slow reader costs no memory and the job never waits for one.
/// </summary>
internal sealed class JobEvents(string jobId)
{
    private readonly Lock _lock = new();
    private readonly List<GenerateEvent> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _sequence;
    private Exception? _error;
    private bool _ended;

    /// <summary>Adds an event.</summary>
    public void Add(GenerateEvent entry)
    {
        lock (_lock)
        {
            entry.JobId = jobId;
            entry.Sequence = ++_sequence;
            if (entry.EventCase is GenerateEvent.EventOneofCase.Step or GenerateEvent.EventOneofCase.Preview)
                _events.RemoveAll(older => older.EventCase == entry.EventCase && older.Preview?.Index == entry.Preview?.Index);
            _events.Add(entry);
            Wake();
        }
    }

    /// <summary>No event comes any more; readers end, with <paramref name="error"/> if there is one.</summary>
    public void End(Exception? error)
    {
        lock (_lock)
        {
            (_ended, _error) = (true, error);
            Wake();
        }
    }

    /// <summary>The events after number <paramref name="after"/>, as they come.</summary>
    public async IAsyncEnumerable<GenerateEvent> ReadAsync(ulong after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            GenerateEvent? next;
            Task changed;
            lock (_lock)
            {
                next = _events.Find(e => e.Sequence > after);
                changed = _changed.Task;
                if (next is null && _ended)
                {
                    if (_error is not null)
                        throw _error;
                    yield break;
                }
            }

            if (next is null)
            {
                await changed.WaitAsync(cancellation);
                continue;
            }

            after = next.Sequence;
            yield return next;
        }
    }

    private void Wake()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
