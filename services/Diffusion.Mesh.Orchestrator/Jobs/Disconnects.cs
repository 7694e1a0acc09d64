using System.Collections.Concurrent;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Cancels jobs whose client is gone, after a grace and unless somebody watches them then, here or on another orchestrator. Where this process ends within the
/// grace the job goes on: rather a picture for nobody than none for somebody.
/// </summary>
internal sealed partial class Disconnects(IJobStore store, ServiceOptions options, TimeProvider time, ILogger<Disconnects> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _streams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Counts a stream of a job until the result is disposed.</summary>
    public IDisposable Enter(string id)
    {
        _streams.AddOrUpdate(id, 1, (_, count) => count + 1);
        return new Stream(this, id);
    }

    /// <summary>The client of a job is gone.</summary>
    public void Left(string tenant, string id)
    {
        // One wait for each job is enough, however often clients come and go.
        if (_waiting.TryAdd(id, true))
            _ = CancelLaterAsync(tenant, id);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task CancelLaterAsync(string tenant, string id)
    {
        try
        {
            await Task.Delay(options.DisconnectGrace, time, _stop.Token);
            if (_streams.ContainsKey(id) || await store.IsWatchedAsync(id, _stop.Token))
                return;
            if (await store.CancelAsync(tenant, id, _stop.Token))
                LogCancelled(id);
        }
        catch (StateUnavailableException e)
        {
            LogNotCancelled(id, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    private void Leave(string id)
    {
        while (_streams.TryGetValue(id, out var count))
        {
            var left = count > 1 ? _streams.TryUpdate(id, count - 1, count) : _streams.TryRemove(new(id, count));
            if (left)
                return;
        }
    }

    [LoggerMessage(230, LogLevel.Information, "Job {Job} is cancelled: its client is gone")]
    private partial void LogCancelled(string job);

    [LoggerMessage(231, LogLevel.Warning, "Job {Job} goes on although its client is gone: {Reason}")]
    private partial void LogNotCancelled(string job, string reason);

    private sealed class Stream(Disconnects owner, string id) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                owner.Leave(id);
        }
    }
}
