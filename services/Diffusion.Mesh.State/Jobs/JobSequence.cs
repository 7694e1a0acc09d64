namespace Diffusion.Mesh.State;

/// <summary>
/// Numbers of a job's events: <c>((epoch - 1) &lt;&lt; 32) + n</c>, so that they grow over take-overs without asking the store. The owner counts <c>n</c>
/// from <see cref="ClaimedJob.LastSequence"/> on.
/// </summary>
public static class JobSequence
{
    /// <summary>The number of the event that comes with the submission.</summary>
    public const long First = 1;

    /// <summary>The number after which an owner of this epoch (from 1) goes on: its first event has the next one.</summary>
    public static long Base(long epoch) => epoch == 1 ? First : (epoch - 1) << 32;
}
