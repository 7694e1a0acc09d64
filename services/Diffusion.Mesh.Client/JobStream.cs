using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Client;

/// <summary>
/// A job's events to its end, from whichever server answers: where a stream breaks, or its server drains, the job is watched again elsewhere from the last
/// event on. A request whose answer got lost is repeated under the same id, so that it is one job however often it was sent.
/// </summary>
/// <param name="request">With a request id; null: the job is there already.</param>
/// <param name="jobId">The job; empty as long as there is none.</param>
/// <param name="after">The number of the last event that is known.</param>
/// <param name="deadline">The job's; null: the server's own.</param>
internal sealed class JobStream(
    ServerChannels channels, MeshClientOptions options, GenerateRequest? request, string jobId, ulong after, DateTime? deadline) : IDisposable
{
    private ServerLease? _lease;
    private AsyncServerStreamingCall<GenerateEvent>? _call;
    private TimeSpan _pause = Failures.FirstPause;
    private long _heard = options.Time.GetTimestamp();
    private int _tried = 1;

    /// <summary>The latest event.</summary>
    public GenerateEvent Current { get; private set; } = new();

    /// <summary>The job; empty where no server has told it.</summary>
    public string JobId => jobId;

    /// <summary>Waits for the next event.</summary>
    /// <returns>False after the last one.</returns>
    /// <exception cref="MeshException">The job failed, or no server answers.</exception>
    public async Task<bool> MoveNextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                _call ??= Open(cancellation);
                if (!await _call.ResponseStream.MoveNext(cancellation))
                    return false;
                Take(_call.ResponseStream.Current);
                return true;
            }
            catch (RpcException) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellation);
            }
            catch (RpcException e)
            {
                if (!Failures.IsPassing(e) || await IsLastAsync(cancellation))
                    throw new MeshException(e, _lease!.Server);
                channels.Avoid(_lease!);
                Close();
            }

            if (jobId.Length == 0)
                continue;
            await Task.Delay(_pause, options.Time, cancellation);
            _pause = Failures.After(_pause);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private AsyncServerStreamingCall<GenerateEvent> Open(CancellationToken cancellation)
    {
        _lease = channels.Rent();
        return jobId.Length == 0
            ? _lease.Client.Generate(request!, deadline: deadline, cancellationToken: cancellation)
            : _lease.Client.Watch(new WatchRequest { JobId = jobId, AfterSequence = after }, cancellationToken: cancellation);
    }

    private void Take(GenerateEvent next)
    {
        Current = next;
        (jobId, after) = (next.JobId, next.Sequence);
        (_pause, _heard, _tried) = (Failures.FirstPause, options.Time.GetTimestamp(), 1);
    }

    // Before there is a job each server is asked once; afterwards they are asked in turns.
    private async Task<bool> IsLastAsync(CancellationToken cancellation) => jobId.Length == 0
        ? _tried++ >= channels.Count
        : options.Time.GetElapsedTime(_heard) > options.Patience || await HasEndedAsync(cancellation);

    // UNAVAILABLE may be what the job itself ended with: its stream would say so for ever.
    private async Task<bool> HasEndedAsync(CancellationToken cancellation)
    {
        try
        {
            var until = options.Time.GetUtcNow().UtcDateTime + options.AnswerTimeout;
            var job = await _lease!.Client.GetJobAsync(new GetJobRequest { JobId = jobId }, deadline: until, cancellationToken: cancellation);
            return job.State is JobState.Failed or JobState.Cancelled;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private void Close()
    {
        _call?.Dispose();
        _lease?.Dispose();
        (_call, _lease) = (null, null);
    }
}
