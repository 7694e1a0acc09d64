namespace Diffusion.Mesh.State;

/// <summary>A lease that its owner wants to keep.</summary>
/// <param name="Id">The job.</param>
/// <param name="Epoch">The epoch under which it is held.</param>
/// <param name="Completed">Model evaluations done so far: what <see cref="JobInfo.Completed"/> tells between checkpoints.</param>
public readonly record struct LeaseRenewal(string Id, long Epoch, int Completed);

/// <summary>What became of the leases.</summary>
/// <param name="Lost">Jobs that another owner has, that have ended, or that are gone: the local run must stop, and nothing that it writes is taken.</param>
/// <param name="CancelRequested">Jobs that are still the owner's and should end as <see cref="JobState.Cancelled"/>.</param>
public sealed record RenewalResult(IReadOnlyList<string> Lost, IReadOnlyList<string> CancelRequested);
