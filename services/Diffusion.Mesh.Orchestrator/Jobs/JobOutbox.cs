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
    private readonly Action<JobCheckpoint, int> _kept;
    private readonly TimeSpan _interval;
    private readonly Unsent _unsent;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private long? _written;

    /// <param name="interval">States are written this far apart, at least; zero: each.</param>
    /// <param name="lost">Called when the job turns out to be another owner's.</param>
    /// <param name="kept">Called with each state that the store took, and its bytes.</param>
    public JobOutbox(IJobStore store, ClaimedJob job, TimeSpan interval, Action lost, Action<JobCheckpoint, int> kept, TimeProvider time)
    {
        (_store, _job, _interval, _lost, _kept, _time) = (store, job, interval, lost, kept, time);
        _unsent = new Unsent(job);
        _loop = RunAsync();
    }

    /// <summary>The last step's event; null before the first.</summary>
    public JobEvent? Step => _unsent.Step;

    /// <summary>Model evaluations done.</summary>
    public int Completed => _unsent.Completed;

    /// <summary>Takes numbers for events to come, and gives the last of them.</summary>
    public long Reserve(int count) => _unsent.Reserve(count);

    /// <summary>Tells those who watch.</summary>
    public void Tell(GenerateEvent news)
    {
        _unsent.Add(news);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Keeps a state for the next owner.</summary>
    public void Keep(JobCheckpoint checkpoint)
    {
        _unsent.Add(checkpoint);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Counts a worker that the job killed, for the next owner.</summary>
    /// <param name="attempt">Another one for each.</param>
    public void ReportKill(int attempt)
    {
        _unsent.AddKill(attempt);
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
    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (_unsent.TakeCheckpoint() is { } checkpoint)
            await WriteAsync(checkpoint, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var _ in _wake.Reader.ReadAllAsync(_stop.Token))
        {
            try
            {
                foreach (var entry in _unsent.TakeNews())
                    Note(await _store.PublishTransientAsync(_job.Id, _job.Epoch, entry, _stop.Token));
                await WriteCheckpointAsync();
                while (_unsent.PeekKill() is { } attempt)
                {
                    Note(await _store.ReportKillAsync(_job.Id, _job.Epoch, attempt, _stop.Token) is not null);
                    _unsent.DropKill();
                }
            }
            catch (StateUnavailableException)
            {
                await Task.Delay(Pause, _time, _stop.Token);
                _wake.Writer.TryWrite(true);
            }
        }
    }

    private async Task WriteCheckpointAsync()
    {
        if ((_written is { } last && _time.GetElapsedTime(last) < _interval) || _unsent.TakeCheckpoint() is not { } checkpoint)
            return;
        try
        {
            await WriteAsync(checkpoint, _stop.Token);
            _written = _time.GetTimestamp();
        }
        catch (Exception e) when (e is StateUnavailableException or OperationCanceledException)
        {
            // Whether it was written nobody knows.
            _unsent.PutBack(checkpoint);
            throw;
        }
    }

    private async Task WriteAsync(JobCheckpoint checkpoint, CancellationToken cancellation)
    {
        var bytes = checkpoint.ToByteArray();
        var held = await _store.CheckpointAsync(
            _job.Id, _job.Epoch, bytes, (int)checkpoint.State.Position, Step is { } step ? [step] : [], cancellation);
        Note(held);
        if (held)
            _kept(checkpoint, bytes.Length);
    }

    private void Note(bool held)
    {
        if (!held)
            _lost();
    }
}
