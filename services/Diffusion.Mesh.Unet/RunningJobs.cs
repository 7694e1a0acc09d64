using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Unet;

/// <summary>Fences jobs: of two streams for one job only that of the higher epoch goes on.</summary>
internal sealed class RunningJobs
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _jobs = new(StringComparer.Ordinal);

    /// <summary>Enters a stream, ending one of a lower epoch.</summary>
    /// <param name="superseded">Cancelled when a stream of a higher epoch comes.</param>
    /// <returns>Leaves when disposed.</returns>
    /// <exception cref="ServiceException">A stream of the same or a higher epoch runs here.</exception>
    public IDisposable Enter(string id, ulong epoch, CancellationTokenSource superseded)
    {
        var entry = new Entry(this, id, epoch, superseded);
        lock (_lock)
        {
            if (_jobs.TryGetValue(id, out var older) && older.Epoch >= epoch)
                throw new ServiceException(ServiceError.Superseded, $"Job {id} runs here under epoch {older.Epoch} already.");
            // Under the lock the older stream has not left, so its source is not disposed yet; what waits on it runs elsewhere.
            _ = older?.Superseded.CancelAsync();
            _jobs[id] = entry;
            // Under the lock the older one has not left, so its source is not disposed yet; what follows from it runs elsewhere.
            _ = older?.Superseded.CancelAsync();
        }

        return entry;
    }

    private void Leave(Entry entry)
    {
        lock (_lock)
        {
            if (_jobs.GetValueOrDefault(entry.Id) == entry)
                _jobs.Remove(entry.Id);
        }
    }

    private sealed class Entry(RunningJobs jobs, string id, ulong epoch, CancellationTokenSource superseded) : IDisposable
    {
        public string Id => id;

        public ulong Epoch => epoch;

        public CancellationTokenSource Superseded => superseded;

        public void Dispose() => jobs.Leave(this);
    }
}
