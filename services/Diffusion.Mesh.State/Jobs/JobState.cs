namespace Diffusion.Mesh.State;

/// <summary>Where a job is in its life. The last three are ends: a job enters exactly one of them, once.</summary>
public enum JobState
{
    /// <summary>Accepted, and nobody has it yet.</summary>
    Queued,

    /// <summary>Somebody holds its lease, or held it: a job whose lease expired or was released stays in this state until the next owner takes it over.</summary>
    Running,

    /// <summary>Ended well; its results can be read until they expire.</summary>
    Done,

    /// <summary>Ended with an error, see <see cref="JobInfo.Status"/>.</summary>
    Failed,

    /// <summary>Ended because its tenant wished so.</summary>
    Cancelled,
}
