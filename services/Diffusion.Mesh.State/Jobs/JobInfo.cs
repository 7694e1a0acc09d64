namespace Diffusion.Mesh.State;

/// <summary>A job as its tenant may see it.</summary>
public sealed record JobInfo
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>The client's own id; empty: none.</summary>
    public required string RequestId { get; init; }

    /// <summary>Where it is.</summary>
    public required JobState State { get; init; }

    /// <summary>
    /// While it is queued: its place, from 1, if nothing else were submitted and everybody ran one job after the other in the fair order. What the order
    /// cannot know (tenants at their concurrent limit, owners that lack a model, jobs of the same tag) may shift it. Null where it was not asked for or is not queued.
    /// </summary>
    public int? QueuePosition { get; init; }

    /// <summary>Model evaluations done, as last told by a checkpoint or a renewal.</summary>
    public required int Completed { get; init; }

    /// <summary>As submitted.</summary>
    public required int Evaluations { get; init; }

    /// <summary>As submitted.</summary>
    public required string Model { get; init; }

    /// <summary>As submitted.</summary>
    public required int Priority { get; init; }

    /// <summary>As submitted.</summary>
    public required double Cost { get; init; }

    /// <summary>When it was accepted, by the store's clock.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>When it was first claimed; null: not yet.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended; null: not yet.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>As submitted.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>When an ended job and its results are forgotten; null: it has not ended.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>
    /// Status code of its end, from <see cref="JobEnd.Status"/>; ends that the store makes have gRPC's: 4 (deadline exceeded) and 1 (cancelled). 0: done, or not ended.
    /// </summary>
    public int Status { get; init; }

    /// <summary>The reason of its end; empty: done, or not ended.</summary>
    public string Detail { get; init; } = "";

    /// <summary>How many results it has.</summary>
    public int Results { get; init; }

    /// <summary>Somebody asked it to end, and its owner has not yet ended it.</summary>
    public bool CancelRequested { get; init; }
}

/// <summary>A page of jobs, the latest submitted first.</summary>
/// <param name="Jobs">Without queue positions. May be fewer than asked for, even none, where the filter passed over many.</param>
/// <param name="NextPageToken">For the next page; empty: there is none.</param>
public sealed record JobPage(IReadOnlyList<JobInfo> Jobs, string NextPageToken);
