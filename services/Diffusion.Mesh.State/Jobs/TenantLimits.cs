namespace Diffusion.Mesh.State;

/// <summary>What a tenant may use, as the caller knows it; the store keeps what came with the tenant's latest submission. Costs are in steps x pixels.</summary>
public sealed record TenantLimits
{
    /// <summary>Nothing is limited beyond the queue's own bound, and the share is one.</summary>
    public static TenantLimits None { get; } = new();

    /// <summary>The tenant's share against others that wait, above 0. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>
    /// Cost of what may run at once, above 0. A job beyond it waits in the queue; one job may always run. Default: no limit.
    /// </summary>
    public double ConcurrentCost { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Cost of what may be submitted in a minute, above 0: a bucket of this size that fills up in a minute. A job that costs more than a full bucket
    /// is taken when the bucket is full, and leaves a debt. What was taken is not given back when a job ends early. Default: no limit.
    /// </summary>
    public double CostPerMinute { get; init; } = double.PositiveInfinity;

    /// <summary>Jobs of this tenant that may wait in the queue, 0 or more. Default: no limit but the queue's own.</summary>
    public int QueuedJobs { get; init; } = int.MaxValue;
}
