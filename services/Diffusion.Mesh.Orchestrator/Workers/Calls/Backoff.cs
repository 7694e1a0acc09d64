namespace Diffusion.Mesh.Orchestrator;

/// <summary>Waits that double, half of each at random.</summary>
/// <param name="jitter">0 to below 1.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Func<double> jitter)
{
    /// <summary>The wait after so many failures in a row: none after the first, since another worker may do.</summary>
    public TimeSpan After(int failures)
    {
        if (failures < 2)
            return TimeSpan.Zero;
        // Beyond 2^30 every wait is the longest anyway.
        var doubled = first * Math.Pow(2, Math.Min(failures - 2, 30));
        return (doubled < longest ? doubled : longest) * (0.5 + 0.5 * jitter());
    }
}
