namespace Diffusion.Mesh.Orchestrator;

/// <summary>The one place where workers' fencing epochs are made.</summary>
internal static class Fencing
{
    private const int AttemptBits = 16;

    /// <summary>
    /// The epoch of a worker's stream. It grows with each take-over of the job by another orchestrator, and within one orchestrator with each attempt, so that of
    /// two streams the later one always wins.
    /// </summary>
    /// <param name="epoch">The lease's, from 1.</param>
    /// <param name="attempt">From 1; beyond 65,535 they are all alike, which no deadline lasts for.</param>
    public static ulong Epoch(long epoch, int attempt) => ((ulong)epoch << AttemptBits) | (uint)Math.Min(attempt, (1 << AttemptBits) - 1);
}
