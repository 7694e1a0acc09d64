namespace Diffusion.Mesh.State;

/// <summary>A job that the store ended by itself.</summary>
/// <param name="Id">The job's.</param>
/// <param name="Tenant">Whose it was.</param>
/// <param name="Model">As submitted.</param>
/// <param name="State"><see cref="JobState.Failed"/> or <see cref="JobState.Cancelled"/>.</param>
/// <param name="Status">As in <see cref="JobInfo.Status"/>.</param>
/// <param name="Lasted">From its acceptance on, by the store's clock.</param>
public sealed record StoreEnd(string Id, string Tenant, string Model, JobState State, int Status, TimeSpan Lasted);
