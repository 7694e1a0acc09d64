using Diffusion.Mesh.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Keeps each role's pool as the options and the looked-up names have it, and listens to every worker in it.</summary>
internal sealed partial class WorkerDirectory : IHostedService, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Worker, LoadWatch> _watches = [];
    private readonly (WorkerPool Pool, IReadOnlyList<Uri> Options)[] _roles;
    private readonly CancellationTokenSource _stop = new();
    private readonly WorkerAddresses _addresses;
    private readonly WorkerChannels _channels;
    private readonly RoutingOptions _routing;
    private readonly ServiceTelemetry _telemetry;
    private readonly CallMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _logger;
    private Task _following = Task.CompletedTask;

    public WorkerDirectory(
        ServiceOptions options,
        RoutingOptions routing,
        WorkerAddresses addresses,
        WorkerChannels channels,
        ServiceTelemetry telemetry,
        CallMetrics metrics,
        TimeProvider time,
        ILoggerFactory logs)
    {
        (_routing, _addresses, _channels, _telemetry, _metrics, _time, _logs) = (routing, addresses, channels, telemetry, metrics, time, logs);
        _logger = logs.CreateLogger<WorkerDirectory>();
        _roles = [Role(WorkerRole.TextEncoder, options.TextEncoders), Role(WorkerRole.Unet, options.Unets), Role(WorkerRole.Vae, options.Vaes)];
    }

    /// <summary>The workers of a role.</summary>
    public WorkerPool Pool(WorkerRole role) => Array.Find(_roles, r => r.Pool.Role == role).Pool;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _following = Task.WhenAll(_roles.SelectMany(r => r.Options.Select(o => FollowAsync(r.Pool, o))));
        return Task.CompletedTask;
    }

    // Jobs go on while the service drains: the workers stay until everything is disposed.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // The container disposes it as what it is and as a hosted service.
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Worker[] left;
        lock (_lock)
            left = [.. _watches.Keys];
        foreach (var worker in left)
            await EndAsync(worker);
        _stop.Dispose();
    }

    private (WorkerPool Pool, IReadOnlyList<Uri> Options) Role(WorkerRole role, IReadOnlyList<Uri> options) =>
        (new WorkerPool(role, options.Any(ServiceAddress.IsDns), _routing, _time), options);

    private async Task FollowAsync(WorkerPool pool, Uri option)
    {
        var known = new Dictionary<Uri, Worker>();
        await foreach (var addresses in _addresses.FollowAsync(option, _stop.Token))
        {
            foreach (var gone in known.Keys.Except(addresses).ToArray())
            {
                known.Remove(gone, out var worker);
                LogGone(WorkerCalls.Name(pool.Role), gone);
                _ = RemoveAsync(pool, worker!);
            }

            foreach (var address in addresses.Except(known.Keys).ToArray())
                known.Add(address, Add(pool, address, option));
        }
    }

    private Worker Add(WorkerPool pool, Uri address, Uri option)
    {
        var worker = new Worker(pool.Role, address, _channels.Open(address, option), _telemetry, _metrics, _time);
        pool.Add(worker);
        lock (_lock)
            _watches.Add(worker, new LoadWatch(worker, pool, _routing, _time, _logs.CreateLogger<LoadWatch>()));
        return worker;
    }

    // It is watched as long as it has calls: it may fall silent meanwhile.
    private async Task RemoveAsync(WorkerPool pool, Worker worker)
    {
        await pool.RemoveAsync(worker);
        await EndAsync(worker);
    }

    private async Task EndAsync(Worker worker)
    {
        LoadWatch? watch;
        lock (_lock)
            _watches.Remove(worker, out watch);
        if (watch is null)
            return;
        await watch.DisposeAsync();
        worker.Dispose();
    }

    [LoggerMessage(223, LogLevel.Information, "The {Role} at {Address} is not named any more")]
    private partial void LogGone(string role, Uri address);
}
