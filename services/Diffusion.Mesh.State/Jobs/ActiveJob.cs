namespace Diffusion.Mesh.State;

/// <summary>A job that has not ended.</summary>
/// <param name="Info">Without its queue position.</param>
/// <param name="Owner">Who has it, or had it last; empty: nobody yet. See <see cref="ClaimRequest.Owner"/>.</param>
public sealed record ActiveJob(JobInfo Info, string Owner);
