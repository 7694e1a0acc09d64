using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Cli;

/// <summary>
/// Follows a generation to its end, on whichever server answers: where a stream breaks, or its server drains, the job is watched again elsewhere from the last
/// event on. A request whose answer got lost is repeated under the same id, so that it is one job however often it was sent.
/// </summary>
/// <param name="servers">At least one; a name that has several addresses counts as one and is resolved anew each time.</param>
/// <param name="key">The API key; null: none.</param>
internal sealed class Follower(IReadOnlyList<Uri> servers, string? key, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // How long an accepted job is looked for without any answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private int _server;
    private string _jobId = "";
    private ulong _sequence;

    /// <summary>The server that was asked last.</summary>
    public Uri Server => servers[_server];

    /// <summary>Calls <paramref name="take"/> with each event of the job, once and in order.</summary>
    /// <exception cref="RpcException">The job failed, or no server answers.</exception>
    public async Task FollowAsync(GenerateRequest request, Action<GenerateEvent> take, CancellationToken cancellation)
    {
        if (request.RequestId.Length == 0)
            request.RequestId = Guid.NewGuid().ToString("n");
        var (tried, pause, heard) = (1, FirstPause, time.GetTimestamp());
        while (true)
        {
            var before = _sequence;
            try
            {
                await FollowOnceAsync(request, take, cancellation);
                return;
            }
            catch (RpcException e) when (IsPassing(e) && !cancellation.IsCancellationRequested)
            {
                if (_sequence > before)
                    (tried, pause, heard) = (1, FirstPause, time.GetTimestamp());
                // Before there is a job each server is asked once; afterwards they are asked in turns.
                if (_jobId.Length == 0 ? tried++ >= servers.Count : time.GetElapsedTime(heard) > Patience || await HasEndedAsync(cancellation))
                    throw;
                _server = (_server + 1) % servers.Count;
            }

            if (_jobId.Length == 0)
                continue;
            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Ends the job, if there is one. The server would notice by itself after a grace; told so, it stops at once.</summary>
    public async Task CancelAsync()
    {
        if (_jobId.Length == 0)
            return;
        try
        {
            using var channel = Open(out var client);
            await client.CancelAsync(new CancelRequest { JobId = _jobId }, deadline: time.GetUtcNow().UtcDateTime.AddSeconds(1));
        }
        catch (RpcException)
        {
        }
    }

    private async Task FollowOnceAsync(GenerateRequest request, Action<GenerateEvent> take, CancellationToken cancellation)
    {
        using var channel = Open(out var client);
        using var call = _jobId.Length == 0
            ? client.Generate(request, cancellationToken: cancellation)
            : client.Watch(new WatchRequest { JobId = _jobId, AfterSequence = _sequence }, cancellationToken: cancellation);
        await foreach (var next in call.ResponseStream.ReadAllAsync(cancellation))
        {
            (_jobId, _sequence) = (next.JobId, next.Sequence);
            take(next);
        }
    }

    // UNAVAILABLE may be what the job itself ended with: its stream would say so for ever.
    private async Task<bool> HasEndedAsync(CancellationToken cancellation)
    {
        try
        {
            using var channel = Open(out var client);
            var deadline = time.GetUtcNow().UtcDateTime.AddSeconds(5);
            var job = await client.GetJobAsync(new GetJobRequest { JobId = _jobId }, deadline: deadline, cancellationToken: cancellation);
            return job.State is JobState.Failed or JobState.Cancelled;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private GrpcChannel Open(out Generation.GenerationClient client)
    {
        var channel = GrpcChannel.ForAddress(Server);
        client = new Generation.GenerationClient(channel.Intercept(WithKey));
        return channel;
    }

    private Metadata WithKey(Metadata headers)
    {
        if (key is not null)
            headers.Add("authorization", $"Bearer {key}");
        return headers;
    }

    // Internal with an I/O error inside is a connection that broke in the middle of a call.
    private static bool IsPassing(RpcException error) =>
        error.StatusCode == StatusCode.Unavailable
        || (error.StatusCode == StatusCode.Internal && error.Status.DebugException is IOException or HttpRequestException);
}
