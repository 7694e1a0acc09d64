using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Listens to one worker's load, and tells the pool when nothing is heard any more.</summary>
internal sealed partial class LoadWatch : IAsyncDisposable
{
    private readonly Worker _worker;
    private readonly WorkerPool _pool;
    private readonly RoutingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<LoadWatch> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public LoadWatch(Worker worker, WorkerPool pool, RoutingOptions options, TimeProvider time, ILogger<LoadWatch> logger)
    {
        (_worker, _pool, _options, _time, _logger) = (worker, pool, options, time, logger);
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(_options.FirstBackoff / 2, _options.LongestBackoff / 2, _options.Jitter);
        // Never at once: a worker that ends each stream would be asked without a pause.
        for (var failures = 2; ; failures++)
        {
            if (await ListenAsync())
                failures = 2;
            await Task.Delay(backoff.After(failures), _time, _stop.Token);
        }
    }

    // True when something was heard.
    private async Task<bool> ListenAsync()
    {
        var heard = false;
        using var silence = new CancellationTokenSource(_options.Silence, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, silence.Token);
        try
        {
            using var call = _worker.Loads.WatchLoad(new WatchLoadRequest(), cancellationToken: either.Token);
            await foreach (var load in call.ResponseStream.ReadAllAsync(either.Token))
            {
                silence.CancelAfter(_options.Silence);
                _pool.Report(_worker, load);
                if (!heard)
                    LogHeard(WorkerCalls.Name(_worker.Role), _worker.Address, load.Worker);
                heard = true;
            }

            Forget(Standing.Lost, "It stops.");
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            _stop.Token.ThrowIfCancellationRequested();
            if (silence.IsCancellationRequested)
            {
                LogLost(WorkerCalls.Name(_worker.Role), _worker.Address, "It fell silent.");
                await _pool.FallSilentAsync(_worker);
            }
            else if (e is RpcException { StatusCode: StatusCode.Unimplemented or StatusCode.ResourceExhausted })
            {
                Forget(Standing.Unknown, e.Message);
            }
            else
            {
                Forget(Standing.Lost, e.Message);
            }
        }

        return heard;
    }

    private void Forget(Standing standing, string reason)
    {
        if (_pool.Forget(_worker, standing) && standing == Standing.Lost)
            LogLost(WorkerCalls.Name(_worker.Role), _worker.Address, reason);
    }

    [LoggerMessage(221, LogLevel.Information, "The {Role} at {Address} is here: {Name}")]
    private partial void LogHeard(string role, Uri address, string name);

    [LoggerMessage(222, LogLevel.Warning, "The {Role} at {Address} is lost. {Reason}")]
    private partial void LogLost(string role, Uri address, string reason);
}
