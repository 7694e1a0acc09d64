using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Workers;

/// <summary>Admits a bounded number of calls; one more is refused at once, so that the caller can go elsewhere.</summary>
public sealed class Admission(ServiceOptions options)
{
    private int _admitted;
    private long _refused;

    /// <summary>Calls that have a place now.</summary>
    public int Admitted => Math.Min(Volatile.Read(ref _admitted), options.Capacity);

    /// <summary>Calls that got none so far.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Admits a call until the result is disposed.</summary>
    /// <exception cref="ServiceException">The worker is full.</exception>
    public IDisposable Enter()
    {
        if (Interlocked.Increment(ref _admitted) > options.Capacity)
        {
            Interlocked.Decrement(ref _admitted);
            Interlocked.Increment(ref _refused);
            throw new ServiceException(ServiceError.Full, $"This worker has {options.Capacity} calls already, as many as it takes.");
        }

        return new Place(this);
    }

    private sealed class Place(Admission admission) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                Interlocked.Decrement(ref admission._admitted);
        }
    }
}
