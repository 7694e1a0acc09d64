namespace Diffusion.Mesh.Identity;

/// <summary>
/// How much of the cluster a tenant may use. Cost is counted in sampler steps x pixels x pictures: 20 steps of one 512 x 512 picture cost 5,242,880.
/// </summary>
public sealed record Quotas
{
    /// <summary>Neither bound nor preference.</summary>
    public static Quotas None { get; } = new();

    /// <summary>The cost of all its running jobs together, above 0; one job may always run. Null: no bound.</summary>
    public double? ConcurrentCost { get; init; }

    /// <summary>The cost of the jobs that it submits within a minute, above 0. Null: no bound.</summary>
    public double? CostPerMinute { get; init; }

    /// <summary>Its share of the cluster beside other tenants, 0.01 to 100: one of weight 2 gets twice as much as one of weight 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>How many of its jobs may wait, 0 or more. Null: as many as the whole queue takes.</summary>
    public int? QueuedJobs { get; init; }

    /// <summary>What is wrong with them.</summary>
    public IEnumerable<string> Problems()
    {
        if (ConcurrentCost is { } concurrent && !(concurrent > 0 && double.IsFinite(concurrent)))
            yield return $"concurrent_cost must be above 0, and is {concurrent}.";
        if (CostPerMinute is { } perMinute && !(perMinute > 0 && double.IsFinite(perMinute)))
            yield return $"cost_per_minute must be above 0, and is {perMinute}.";
        if (!(Weight >= 0.01 && Weight <= 100))
            yield return $"weight must be 0.01 to 100, and is {Weight}.";
        if (QueuedJobs < 0)
            yield return $"queued_jobs must be 0 or more, and is {QueuedJobs}.";
    }
}
