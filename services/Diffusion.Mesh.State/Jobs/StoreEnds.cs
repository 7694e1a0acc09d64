namespace Diffusion.Mesh.State;

/// <summary>What is said about the ends that a store makes by itself, and about what it refuses. The codes are gRPC's.</summary>
internal static class StoreEnds
{
    public const int CancelledStatus = 1;
    public const string Cancelled = "The job was cancelled.";
    public const int DeadlineStatus = 4;
    public const string Deadline = "The deadline of the job passed.";

    /// <summary>After which a full queue is worth another try: about as long as a small picture takes.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
}
