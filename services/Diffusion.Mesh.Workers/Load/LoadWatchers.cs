using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Workers;

/// <summary>Bounds how many watch the load: each costs a stream, and an orchestrator needs one.</summary>
internal sealed class LoadWatchers
{
    /// <summary>The most at once.</summary>
    public const int Most = 256;

    private int _watchers;

    /// <summary>Counts a watcher until the result is disposed.</summary>
    /// <exception cref="ServiceException">There are too many.</exception>
    public IDisposable Enter()
    {
        if (Interlocked.Increment(ref _watchers) <= Most)
            return new Place(this);
        Interlocked.Decrement(ref _watchers);
        throw new ServiceException(ServiceError.Full, $"{Most} callers watch this worker's load already, as many as it takes.");
    }

    private sealed class Place(LoadWatchers watchers) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref watchers._watchers);
    }
}
