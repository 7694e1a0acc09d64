namespace Diffusion.Mesh.State;

/// <summary>A bucket of cost that fills up in a minute; see <see cref="TenantLimits.CostPerMinute"/>.</summary>
internal sealed class RateBucket
{
    private double _taken;
    private DateTimeOffset _at;

    /// <summary>Takes the cost, or tells how long until it could be taken.</summary>
    public TimeSpan Take(double cost, double perMinute, DateTimeOffset now)
    {
        if (double.IsInfinity(perMinute))
            return TimeSpan.Zero;
        var taken = Taken(perMinute, now);
        // What costs more than a full bucket needs a full one.
        var over = taken + Math.Min(cost, perMinute) - perMinute;
        if (over > 0)
            return TimeSpan.FromMinutes(over / perMinute);
        (_taken, _at) = (taken + cost, now);
        return TimeSpan.Zero;
    }

    /// <summary>Whether it is full, so that a new one is as good.</summary>
    public bool IsFull(double perMinute, DateTimeOffset now) => double.IsInfinity(perMinute) || Taken(perMinute, now) <= 0;

    private double Taken(double perMinute, DateTimeOffset now) => Math.Max(0, _taken - ((now - _at).TotalMinutes * perMinute));
}
