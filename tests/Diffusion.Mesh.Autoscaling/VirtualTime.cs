namespace Diffusion.Mesh.Autoscaling;

/// <summary>Time that is what the simulation says: nothing waits for it, and there are no timers.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    /// <summary>Since the simulation began.</summary>
    public TimeSpan Elapsed => _now - DateTimeOffset.UnixEpoch;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("Nothing waits in a simulation.");

    /// <summary>Moves on to a time since the beginning, not before now.</summary>
    public void MoveTo(TimeSpan elapsed)
    {
        if (elapsed < Elapsed)
            throw new ArgumentOutOfRangeException(nameof(elapsed), "Time does not go back.");
        _now = DateTimeOffset.UnixEpoch + elapsed;
    }
}
