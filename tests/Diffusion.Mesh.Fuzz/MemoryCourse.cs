namespace Diffusion.Mesh.Fuzz;

/// <summary>How much memory the target had over the run, each time when everything that is not in use was collected.</summary>
internal sealed class MemoryCourse
{
    /// <summary>More is no longer flat.</summary>
    public const double MostGrowth = 1.2;

    // Until then code is compiled and caches fill.
    private const double WarmUp = 0.25;
    private const double Window = 0.2;

    private readonly List<(long Managed, long Resident)> _samples = [];

    public void Add((long Managed, long Resident) sample) => _samples.Add(sample);

    /// <summary>Of the target that comes after one that crashed.</summary>
    public void Restart() => _samples.Clear();

    /// <summary>Resident memory: the end's median over the median after the warm-up. What is managed is too little of it for a ratio of its own.</summary>
    public double Ratio => _samples.Count < 2 ? 1 : Growth(s => s.Resident);

    public override string ToString() => string.Join(' ', _samples.Select(s => $"{s.Managed >> 20}/{s.Resident >> 20}"));

    private double Growth(Func<(long Managed, long Resident), long> part)
    {
        var count = Math.Max(1, (int)(Window * _samples.Count));
        var first = Median(_samples.Skip((int)(WarmUp * _samples.Count)).Take(count), part);
        return (double)Median(_samples.TakeLast(count), part) / first;
    }

    private static long Median(IEnumerable<(long Managed, long Resident)> samples, Func<(long Managed, long Resident), long> part)
    {
        long[] sorted = [.. samples.Select(part).Order()];
        return sorted[sorted.Length / 2];
    }
}
