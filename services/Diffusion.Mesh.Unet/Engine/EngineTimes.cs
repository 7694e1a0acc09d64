namespace Diffusion.Mesh.Unet;

/// <summary>Where the engine's time goes. Written by the engine's thread alone; reading is safe from any.</summary>
internal sealed class EngineTimes(TimeProvider time)
{
    private long _working;
    private long _running;
    private long _passes;
    private long _rows;
    private long _allocated;

    /// <summary>Time with something to do, forward passes included.</summary>
    public TimeSpan Working => time.GetElapsedTime(0, Volatile.Read(ref _working));

    /// <summary>Time inside forward passes.</summary>
    public TimeSpan Running => time.GetElapsedTime(0, Volatile.Read(ref _running));

    /// <summary>Forward passes.</summary>
    public long Passes => Volatile.Read(ref _passes);

    /// <summary>Their rows, without padding.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>What the engine's thread has allocated while it worked.</summary>
    public long AllocatedBytes => Volatile.Read(ref _allocated);

    /// <summary>Counts until the result is disposed.</summary>
    public Stretch Work() => new(this, time.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());

    /// <summary>Counts a forward pass.</summary>
    public void AddPass(long ticks, int rows)
    {
        Volatile.Write(ref _running, _running + ticks);
        Volatile.Write(ref _passes, _passes + 1);
        Volatile.Write(ref _rows, _rows + rows);
    }

    internal readonly ref struct Stretch(EngineTimes times, long started, long allocated)
    {
        public void Dispose()
        {
            Volatile.Write(ref times._working, times._working + times.Now - started);
            Volatile.Write(ref times._allocated, times._allocated + GC.GetAllocatedBytesForCurrentThread() - allocated);
        }
    }

    private long Now => time.GetTimestamp();
}
