using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Chaos;

/// <summary>
/// Asks for pictures one after the other, as a careful application does: with a request id of its own, so that a retry makes no second job, and by watching on at
/// another server from the last event when its stream breaks.
/// </summary>
internal sealed class Client : IDisposable
{
    // Longer than any fault lasts.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private readonly int _number;
    private readonly IReadOnlyList<string> _expected;
    private readonly FaultLog _faults;
    private readonly Beginnings _beginnings;
    private readonly Tally _tally;
    private readonly Random _random;
    private readonly GrpcChannel[] _channels;
    private Progress _progress;
    private int _server;

    public Client(int number, int seed, IEnumerable<string> servers, IReadOnlyList<string> expected, FaultLog faults, Beginnings beginnings, Tally tally)
    {
        (_number, _expected, _faults, _beginnings, _tally, _random) = (number, expected, faults, beginnings, tally, new Random(seed));
        _channels = [.. servers.Select(server => GrpcChannel.ForAddress($"http://{server}", new GrpcChannelOptions
        {
            MaxReceiveMessageSize = null,
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(3),
                KeepAlivePingDelay = TimeSpan.FromSeconds(3),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(3),
            },
            DisposeHttpClient = true,
            MaxReconnectBackoff = TimeSpan.FromSeconds(1),
        }))];
        _server = number;
        _progress = new Progress(faults, tally);
    }

    /// <summary>Makes pictures until told to stop; the one in work is still followed to its end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
            await GenerateAsync(_random.Next(_expected.Count), $"chaos-{_number}-{i}", stop);
    }

    /// <summary>Makes one.</summary>
    /// <param name="wish">Which.</param>
    /// <param name="requestId">The client's own name for it.</param>
    /// <param name="stop">From then on it matters no more whether it is taken.</param>
    public async Task GenerateAsync(int wish, string requestId, CancellationToken stop)
    {
        _progress = new Progress(_faults, _tally);
        var request = Wishes.All[wish].Clone();
        request.RequestId = requestId;
        if (await SubmitAsync(request, stop) is not { } job)
            return;
        _tally.Accepted();
        _beginnings.Add(job, _progress);
        await FollowAsync(job, request, _expected[wish], _progress);
    }

    /// <summary>Waits until so many model evaluations of the picture in work are done, or it is at its end.</summary>
    public async Task ReachedAsync(uint completed)
    {
        while (_progress.Completed < completed && !_progress.IsDone)
            await Task.Delay(5);
    }

    public void Dispose() => Array.ForEach(_channels, channel => channel.Dispose());

    private Generation.GenerationClient Server => new(_channels[_server % _channels.Length]);

    private async Task<string?> SubmitAsync(GenerateRequest request, CancellationToken stop)
    {
        for (var until = DateTime.UtcNow + s_patience; DateTime.UtcNow < until; _server++)
        {
            try
            {
                // What was accepted although its answer was lost is accepted: the same id leads to it.
                var call = Server.SubmitAsync(request, deadline: DateTime.UtcNow.AddMinutes(3), cancellationToken: CancellationToken.None);
                return (await call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(15), CancellationToken.None)).Id;
            }
            catch (Exception e) when (e is TimeoutException or RpcException { StatusCode: not StatusCode.InvalidArgument })
            {
                _tally.Refused();
                await Task.Delay(_random.Next(100, 500), CancellationToken.None);
            }
        }

        if (!stop.IsCancellationRequested)
            _tally.Lost($"{request.RequestId} was not taken within {s_patience}");
        return null;
    }

    private async Task FollowAsync(string job, GenerateRequest request, string expected, Progress progress)
    {
        for (var until = DateTime.UtcNow + s_patience; DateTime.UtcNow < until; _server++)
        {
            try
            {
                if (await WatchAsync(job, progress))
                {
                    Judge(job, request, expected, progress);
                    return;
                }
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal && !IsEnd(e))
            {
                await Task.Delay(_random.Next(100, 500));
            }
            catch (RpcException e)
            {
                _tally.Lost($"{request.RequestId} (job {job}) ended with {e.StatusCode}: {e.Status.Detail}");
                return;
            }
        }

        _tally.Lost($"{request.RequestId} (job {job}) did not end within {s_patience}; it stood at {progress.Completed}");
    }

    // A job that has failed says so itself; everything else is the way to it.
    private static bool IsEnd(RpcException error) => error.Status.Detail.Contains("deadline of job", StringComparison.Ordinal);

    private async Task<bool> WatchAsync(string job, Progress progress)
    {
        using var call = Server.Watch(new WatchRequest { JobId = job, AfterSequence = progress.Sequence });
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            progress.Take(call.ResponseStream.Current);
        return progress.IsDone;
    }

    private void Judge(string job, GenerateRequest request, string expected, Progress progress)
    {
        _tally.Finished();
        var got = string.Join(' ', progress.Pictures().Select(Wishes.Hash));
        if (got != expected)
            _tally.Wrong($"{request.RequestId} (job {job}, seed {request.Seed}, {request.Sampler.Name}) gave {got} and not {expected}");
    }
}
