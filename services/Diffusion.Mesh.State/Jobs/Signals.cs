using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Diffusion.Mesh.State;

/// <summary>Hints to whoever waits in this process: work may be there, a running job should be cancelled.</summary>
internal sealed class Signals(TimeProvider time)
{
    // What does not fit is told by the next renewal.
    private const int PendingCancellations = 256;

    private readonly Lock _lock = new();
    private readonly List<ChannelWriter<string>> _listeners = [];
    private TaskCompletionSource _work = NewSource();

    /// <summary>There may be work. Remembered until somebody waits.</summary>
    public void Work()
    {
        lock (_lock)
            _work.TrySetResult();
    }

    public void Cancel(string id)
    {
        lock (_lock)
        {
            foreach (var listener in _listeners)
                listener.TryWrite(id);
        }
    }

    public async Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        TaskCompletionSource work;
        lock (_lock)
            work = _work;
        try
        {
            await work.Task.WaitAsync(atMost, time, cancellation);
        }
        catch (TimeoutException)
        {
            return;
        }

        lock (_lock)
        {
            if (ReferenceEquals(work, _work))
                _work = NewSource();
        }
    }

    public async IAsyncEnumerable<string> CancellationsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var pending = Channel.CreateBounded<string>(
            new BoundedChannelOptions(PendingCancellations) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
            _listeners.Add(pending.Writer);
        try
        {
            await foreach (var id in pending.Reader.ReadAllAsync(cancellation))
                yield return id;
        }
        finally
        {
            lock (_lock)
                _listeners.Remove(pending.Writer);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
