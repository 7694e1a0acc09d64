namespace Diffusion.Mesh.State;

/// <summary>What the store holds, for metrics and for scaling.</summary>
/// <param name="Queued">Jobs that wait.</param>
/// <param name="Running">Jobs that somebody has or had, see <see cref="JobState.Running"/>.</param>
/// <param name="Tenants">Those that have queued or running jobs, by name.</param>
/// <param name="Models">Those that queued or running jobs need, by name.</param>
public sealed record StoreCounts(int Queued, int Running, IReadOnlyList<TenantUse> Tenants, IReadOnlyList<ModelUse> Models);

/// <summary>What a tenant uses.</summary>
/// <param name="Tenant">Who.</param>
/// <param name="Queued">Its jobs that wait.</param>
/// <param name="Running">Its jobs that run.</param>
/// <param name="RunningCost">Their cost together, in steps x pixels.</param>
public sealed record TenantUse(string Tenant, int Queued, int Running, double RunningCost);

/// <summary>What is asked of a model.</summary>
/// <param name="Model">As submitted, see <see cref="JobSubmission.Model"/>.</param>
/// <param name="Jobs">Jobs that wait or run.</param>
/// <param name="CostLeft">
/// What is left of their cost together, in steps x pixels: of a running job the share of its model evaluations that is not done, as last told by a checkpoint or a
/// renewal. Where more than <see cref="JobStoreLimits.CountedJobs"/> wait, or run, the mean of so many stands for the rest.
/// </param>
public sealed record ModelUse(string Model, int Jobs, double CostLeft);
