namespace Diffusion.Mesh.Orchestrator;

/// <summary>How long jobs took lately on this server, to tell those that wait how long it may be.</summary>
internal sealed class JobPace(TimeProvider time)
{
    // The newest job counts an eighth: the pace follows the work that comes, and one odd job does not upset it.
    private const double Weight = 1.0 / 8;

    private readonly Lock _lock = new();
    private int _running;
    private double _seconds;
    private double _secondsBetween;

    /// <summary>A job begins.</summary>
    /// <returns>When that was, for <see cref="End"/>.</returns>
    public long Begin()
    {
        lock (_lock)
            _running++;
        return time.GetTimestamp();
    }

    /// <summary>A job ends.</summary>
    /// <param name="isDone">Whether it went well: others tell nothing of how long jobs take.</param>
    public void End(long begun, bool isDone)
    {
        var seconds = time.GetElapsedTime(begun).TotalSeconds;
        lock (_lock)
        {
            if (isDone)
            {
                _seconds = Mean(_seconds, seconds);
                _secondsBetween = Mean(_secondsBetween, seconds / _running);
            }

            _running--;
        }
    }

    /// <summary>How long a job at this place of the queue may take to its end, as if this server made all that are before it; null where no job was made yet.</summary>
    /// <param name="position">From 1.</param>
    public TimeSpan? Left(int position)
    {
        lock (_lock)
            return _seconds == 0 ? null : TimeSpan.FromSeconds(position * _secondsBetween + _seconds);
    }

    private static double Mean(double mean, double value) => mean == 0 ? value : mean + Weight * (value - mean);
}
