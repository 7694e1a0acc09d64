using System.Threading.Channels;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Unet;

/// <summary>
/// What a job has to tell its caller. The loop never waits for the network: evaluations pile up (each is reported once), of states and of previews the latest wins, and
/// the last message is always sent.
/// </summary>
/// <param name="accepted">The first message.</param>
/// <param name="writeState">Makes the message of a state, on the sender's time.</param>
internal sealed class DenoiseOutbox(DenoiseAccepted accepted, Func<StateCopy, SamplerState> writeState)
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private List<FinishedEvaluation> _finished = [];
    private List<FinishedEvaluation> _sending = [];
    private StateCopy? _state;
    private StateCopy? _freeState;
    private DenoisePreview? _preview;
    private DenoiseResponse? _last;

    public void Report(FinishedEvaluation evaluation)
    {
        lock (_lock)
            _finished.Add(evaluation);
        _changed.Writer.TryWrite(true);
    }

    /// <summary>Writes down where the job stands.</summary>
    public void ReportState(ValidDenoiseJob job)
    {
        lock (_lock)
        {
            _state ??= Interlocked.Exchange(ref _freeState, null) ?? new StateCopy();
            _state.Take(job);
        }

        _changed.Writer.TryWrite(true);
    }

    public void Report(DenoisePreview preview)
    {
        lock (_lock)
            _preview = preview;
        _changed.Writer.TryWrite(true);
    }

    /// <summary>The last message.</summary>
    public void Complete(DenoiseResponse last)
    {
        lock (_lock)
            _last = last;
        _changed.Writer.Complete();
    }

    /// <summary>There will be no last message.</summary>
    public void Fail(Exception error) => _changed.Writer.TryComplete(error);

    /// <summary>Sends until the last message is out.</summary>
    public async Task SendAsync(IServerStreamWriter<DenoiseResponse> stream, CancellationToken cancellation)
    {
        await WriteAsync(stream, new DenoiseResponse { Accepted = accepted }, cancellation);
        await foreach (var _ in _changed.Reader.ReadAllAsync(cancellation))
            await SendPendingAsync(stream, cancellation);
        await SendPendingAsync(stream, cancellation);
    }

    private async Task SendPendingAsync(IServerStreamWriter<DenoiseResponse> stream, CancellationToken cancellation)
    {
        StateCopy? state;
        DenoisePreview? preview;
        DenoiseResponse? last;
        lock (_lock)
        {
            (_sending, _finished) = (_finished, _sending);
            (state, _state) = (_state, null);
            (preview, _preview) = (_preview, null);
            (last, _last) = (_last, null);
        }

        if (_sending.Count > 0)
        {
            var progress = new DenoiseProgress();
            progress.Evaluations.AddRange(_sending.Select(evaluation => evaluation.ToMessage()));
            _sending.Clear();
            await WriteAsync(stream, new DenoiseResponse { Progress = progress }, cancellation);
        }

        // Neither a state nor a preview is of use once the result is there.
        if (state is not null && last is null)
            await WriteAsync(stream, new DenoiseResponse { State = writeState(state) }, cancellation);
        _freeState = state ?? _freeState;
        if (preview is not null && last is null)
            await WriteAsync(stream, new DenoiseResponse { Preview = preview }, cancellation);
        if (last is not null)
            await WriteAsync(stream, last, cancellation);
    }

    // A write that is cancelled resets the whole stream, and the caller learns no status: one that would be is not begun.
    private static Task WriteAsync(IServerStreamWriter<DenoiseResponse> stream, DenoiseResponse message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return stream.WriteAsync(message, cancellation);
    }
}
