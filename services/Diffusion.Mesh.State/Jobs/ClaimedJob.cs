namespace Diffusion.Mesh.State;

/// <summary>A job whose lease is now the claimer's.</summary>
public sealed record ClaimedJob
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>The fencing epoch: 1 for the first owner, higher for each next. Every write names it, and a write under an older one is refused.</summary>
    public required long Epoch { get; init; }

    /// <summary>As submitted.</summary>
    public required ReadOnlyMemory<byte> Spec { get; init; }

    /// <summary>As submitted.</summary>
    public required string TraceParent { get; init; }

    /// <summary>As submitted.</summary>
    public required string TraceState { get; init; }

    /// <summary>As submitted.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>When it was accepted, by the store's clock.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>When it was first claimed, by the store's clock.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The last checkpoint of any earlier owner; null where there is none.</summary>
    public ReadOnlyMemory<byte>? Checkpoint { get; init; }

    /// <summary>Model evaluations that the checkpoint has behind it; 0 without one.</summary>
    public int Position { get; init; }

    /// <summary>Model evaluations that earlier owners had done, as last told by a checkpoint or a renewal; those above <see cref="Position"/> are done again.</summary>
    public int Completed { get; init; }

    /// <summary>The owner's events have the numbers after this one.</summary>
    public long LastSequence => JobSequence.Base(Epoch);

    /// <summary>Workers that this job killed so far, see <see cref="IJobStore.ReportKillAsync"/>.</summary>
    public int Kills { get; init; }
}
