namespace Diffusion.Mesh.State;

/// <summary>A job as it is handed in. What the store does not need to understand is opaque bytes.</summary>
public sealed record JobSubmission
{
    /// <summary>Chosen by the caller, never used before: 1 to 64 characters of [A-Za-z0-9_-].</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is: 1 to 64 characters of [A-Za-z0-9._-].</summary>
    public required string Tenant { get; init; }

    /// <summary>The client's own id, unique within the tenant while the job and its results are kept; up to 128 characters. Empty: none.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>A hash over what was asked: the same request id with another hash is a conflict. Up to 64 bytes.</summary>
    public ReadOnlyMemory<byte> RequestHash { get; init; }

    /// <summary>What does not change during the job; stored once.</summary>
    public required ReadOnlyMemory<byte> Spec { get; init; }

    /// <summary>W3C <c>traceparent</c> of the span that the job's spans are below. Empty: none.</summary>
    public string TraceParent { get; init; } = "";

    /// <summary>W3C <c>tracestate</c>. Empty: none.</summary>
    public string TraceState { get; init; } = "";

    /// <summary>Higher runs first among the tenant's own; -100 to 100.</summary>
    public int Priority { get; init; }

    /// <summary>Steps x pixels, above 0.</summary>
    public required double Cost { get; init; }

    /// <summary>When the job ends as <see cref="JobState.Failed"/> if it has not ended before; at most <see cref="JobStoreLimits.LongestDeadline"/> from now.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>What an owner must have to run it, compared as a whole (for example name and revision); see <see cref="ClaimRequest.Models"/>.</summary>
    public required string Model { get; init; }

    /// <summary>Model evaluations that it takes, for those who ask how far it is.</summary>
    public int Evaluations { get; init; }

    /// <summary>What its tenant may use.</summary>
    public TenantLimits Limits { get; init; } = TenantLimits.None;

    /// <summary>Jobs that may wait in the whole queue, 0 or more.</summary>
    public required int QueueBound { get; init; }

    /// <summary>The first event, with sequence number <see cref="JobSequence.First"/>; kept until the job's results expire.</summary>
    public required JobEvent FirstEvent { get; init; }

    /// <summary>How long the job's end and its results are kept; used for those ends that the store itself makes (deadline, cancelled in the queue).</summary>
    public required TimeSpan Retention { get; init; }
}
