namespace Diffusion.Mesh.State;

/// <summary>What one tenant has waiting and running.</summary>
internal sealed class TenantQueue(string name)
{
    private static readonly IComparer<MemoryJob> _order = Comparer<MemoryJob>.Create((a, b) =>
        a.Submission.Priority != b.Submission.Priority ? b.Submission.Priority.CompareTo(a.Submission.Priority) : a.Arrival.CompareTo(b.Arrival));

    public string Name { get; } = name;

    public TenantLimits Limits { get; set; } = TenantLimits.None;

    /// <summary>Virtual time at which the next job starts, in cost per weight.</summary>
    public double Tag { get; set; }

    public RateBucket Bucket { get; } = new();

    /// <summary>Priority first, then arrival.</summary>
    public SortedSet<MemoryJob> Waiting { get; } = new(_order);

    public HashSet<MemoryJob> Running { get; } = [];

    public double RunningCost => Running.Sum(job => job.Submission.Cost);

    /// <summary>Whether it stays within its concurrent cost; one job may always run.</summary>
    public bool MayRun(double cost) => Running.Count == 0 || RunningCost + cost <= Limits.ConcurrentCost;
}
