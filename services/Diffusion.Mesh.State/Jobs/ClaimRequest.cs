namespace Diffusion.Mesh.State;

/// <summary>Somebody who has room for jobs.</summary>
/// <param name="Owner">Who: 1 to 128 characters, unique to a process (for example host, process id and start).</param>
/// <param name="Max">Jobs wanted, 0 or more; 0 only ends what is past its deadline.</param>
/// <param name="Lease">How long they are the owner's unless it renews.</param>
/// <param name="Models">The models that the owner has, as in <see cref="JobSubmission.Model"/>; null: any. Jobs of others stay for others.</param>
public sealed record ClaimRequest(string Owner, int Max, TimeSpan Lease, IReadOnlyCollection<string>? Models = null);
