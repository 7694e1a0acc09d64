namespace Diffusion.Mesh.State;

/// <summary>What the store holds, for metrics.</summary>
/// <param name="Queued">Jobs that wait.</param>
/// <param name="Running">Jobs that somebody has or had, see <see cref="JobState.Running"/>.</param>
/// <param name="Tenants">Those that have queued or running jobs, by name.</param>
public sealed record StoreCounts(int Queued, int Running, IReadOnlyList<TenantUse> Tenants);

/// <summary>What a tenant uses.</summary>
/// <param name="Tenant">Who.</param>
/// <param name="Queued">Its jobs that wait.</param>
/// <param name="Running">Its jobs that run.</param>
/// <param name="RunningCost">Their cost together, in steps x pixels.</param>
public sealed record TenantUse(string Tenant, int Queued, int Running, double RunningCost);
