using System.Threading.Channels;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// What a run tells while it goes on: steps, previews and states, written to the store beside it. The run never waits: of each kind the latest wins, and one
/// write is under way at a time. A store that is away costs news, and takes the latest state when it is back.
/// </summary>
internal sealed class JobOutbox : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly IJobStore _store;
    private readonly ClaimedJob _job;
    private readonly TimeProvider _time;
    private readonly Action _lost;
    private readonly TimeSpan _interval;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobEvent> _news = [];
    private readonly Queue<int> _kills = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private long _sequence;
    private JobEvent? _step;
    private JobCheckpoint? _checkpoint;
    private long? _written;

    /// <param name="interval">States are written this far apart, at least; zero: each.</param>
    /// <param name="lost">Called when the job turns out to be another owner's.</param>
    public JobOutbox(IJobStore store, ClaimedJob job, TimeSpan interval, Action lost, TimeProvider time)
    {
        (_store, _job, _interval, _lost, _time) = (store, job, interval, lost, time);
        _sequence = job.LastSequence;
        _loop = RunAsync();
    }

    /// <summary>The last step's event.</summary>
    public JobEvent? Step
    {
        get
        {
            lock (_lock)
                return _step;
        }
    }

    /// <summary>Model evaluations done.</summary>
    public int Completed { get; private set; }

    /// <summary>Takes numbers for events to come, and gives the last of them.</summary>
    public long Reserve(int count)
    {
        lock (_lock)
            return _sequence += count;
    }

    /// <summary>Tells those who watch.</summary>
    public void Tell(GenerateEvent news)
    {
        lock (_lock)
        {
            var entry = JobSlots.Event(_job.Id, ++_sequence, news);
            _news[entry.Slot] = entry;
            if (news.Step is { } step)
                (_step, Completed) = (entry, (int)step.Completed);
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>Keeps a state for the next owner.</summary>
    public void Keep(JobCheckpoint checkpoint)
    {
        lock (_lock)
            _checkpoint = checkpoint;
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Counts a worker that the job killed, for the next owner.</summary>
    /// <param name="attempt">Another one for each.</param>
    public void ReportKill(int attempt)
    {
        lock (_lock)
            _kills.Enqueue(attempt);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Writes nothing more; what is on its way is waited for.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>After <see cref="StopAsync"/>: writes the last state, where it is not written yet.</summary>
    /// <exception cref="StateUnavailableException">The store is away.</exception>
    public Task FlushAsync(CancellationToken cancellation) => WriteAsync(TakeCheckpoint(always: true), cancellation);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var _ in _wake.Reader.ReadAllAsync(_stop.Token))
        {
            JobEvent[] news;
            lock (_lock)
            {
                news = [.. _news.Values.OrderBy(e => e.Sequence)];
                _news.Clear();
            }

            var checkpoint = TakeCheckpoint(always: false);
            try
            {
                foreach (var entry in news)
                    Note(await _store.PublishTransientAsync(_job.Id, _job.Epoch, entry, _stop.Token));
                await WriteAsync(checkpoint, _stop.Token);
                checkpoint = null;
                await WriteKillsAsync();
            }
            catch (OperationCanceledException)
            {
                // Whether it was written nobody knows; a flush writes it for certain.
                PutBack(checkpoint);
                throw;
            }
            catch (StateUnavailableException)
            {
                PutBack(checkpoint);
                await Task.Delay(Pause, _time, _stop.Token);
                _wake.Writer.TryWrite(true);
            }
        }
    }

    private JobCheckpoint? TakeCheckpoint(bool always)
    {
        lock (_lock)
        {
            if (_checkpoint is null || (!always && _written is { } last && _time.GetElapsedTime(last) < _interval))
                return null;
            _written = _time.GetTimestamp();
            var taken = _checkpoint;
            _checkpoint = null;
            return taken;
        }
    }

    private void PutBack(JobCheckpoint? checkpoint)
    {
        lock (_lock)
        {
            if (checkpoint is null)
                return;
            _checkpoint ??= checkpoint;
            _written = null;
        }
    }

    private async Task WriteAsync(JobCheckpoint? checkpoint, CancellationToken cancellation)
    {
        if (checkpoint is null)
            return;
        var bytes = checkpoint.ToByteArray();
        Note(await _store.CheckpointAsync(_job.Id, _job.Epoch, bytes, (int)checkpoint.State.Position, Step is { } step ? [step] : [], cancellation));
    }

    private async Task WriteKillsAsync()
    {
        while (NextKill() is { } attempt)
        {
            Note(await _store.ReportKillAsync(_job.Id, _job.Epoch, attempt, _stop.Token) is not null);
            lock (_lock)
                _kills.Dequeue();
        }
    }

    private int? NextKill()
    {
        lock (_lock)
            return _kills.TryPeek(out var attempt) ? attempt : null;
    }

    private void Note(bool held)
    {
        if (!held)
            _lost();
    }
}
