using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.HealthCheck;

/// <summary>Tells clients the statuses that it is told.</summary>
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    // A client that reads slowly misses intermediate statuses, never the last one.
    private const int BufferedStatuses = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal);
    private readonly HashSet<(string Service, ChannelWriter<ServingStatus> Statuses)> _watchers = [];

    /// <summary>Sets a service's status.</summary>
    public void SetStatus(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_lock)
        {
            var previous = Current(service);
            _statuses[service] = status;
            Notify(service, previous);
        }
    }

    /// <summary>Forgets a service.</summary>
    public void ClearStatus(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_lock)
        {
            var previous = Current(service);
            _statuses.Remove(service);
            Notify(service, previous);
        }
    }

    /// <summary>Forgets every service.</summary>
    public void ClearAll()
    {
        lock (_lock)
        {
            foreach (var service in _statuses.Keys.ToList())
            {
                ClearStatus(service);
            }
        }
    }

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        lock (_lock)
        {
            return _statuses.TryGetValue(request.Service, out var status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, ""));
        }
    }

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        await foreach (var status in WatchAsync(request.Service, context.CancellationToken).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = status }).ConfigureAwait(false);
        }
    }

    /// <summary>A service's status and its changes; ends, without an exception, when cancelled.</summary>
    internal async IAsyncEnumerable<ServingStatus> WatchAsync(
        string service, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            yield break;
        }

        var channel = Channel.CreateBounded<ServingStatus>(
            new BoundedChannelOptions(BufferedStatuses) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        var watcher = (service, channel.Writer);
        lock (_lock)
        {
            _watchers.Add(watcher);
            channel.Writer.TryWrite(Current(service));
        }

        try
        {
            using var ended = cancellationToken.Register(() => channel.Writer.TryComplete());
            await foreach (var status in channel.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return status;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(watcher);
            }
        }
    }

    private ServingStatus Current(string service) => _statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown);

    private void Notify(string service, ServingStatus previous)
    {
        var status = Current(service);
        if (status == previous)
        {
            return;
        }

        foreach (var watcher in _watchers.Where(watcher => watcher.Service == service))
        {
            watcher.Statuses.TryWrite(status);
        }
    }
}
